import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Domain } from '../../shared/model/domain.ts';
import { exampleCpu, exampleGpu, exampleInterval, exampleReading, exampleShare } from '../../tests/examples.ts';
import {
  addInterval,
  addOpenShare,
  addReading,
  addShare,
  createRunLedger,
  notePeak,
  peakWattsOf,
  type RunLedger,
  runTotals,
  totalsOf,
  uncertaintyOf,
} from './run-ledger.ts';

const always = { startMs: 0, endMs: null };
const domains = (...all: readonly Domain[]): ReadonlyMap<string, Domain> => new Map(all.map((one) => [one.id, one]));

describe('an interval', () => {
  it('counts with the part of it that lies within the run', () => {
    const ledger = createRunLedger();
    // 300 J in a second; the run begins at 250 ms and ends at 750 ms: half of it.
    addInterval(ledger, exampleInterval({ joules: 300 }), { startMs: 250, endMs: 750 });
    expect(totalsOf(ledger, 'gpu:GPU-0')).toMatchObject({
      joules: 150,
      lowJoules: 135,
      highJoules: 165,
      coveredSeconds: 0.5,
      byProvenance: { counter: 150 },
      peakWatts: 300,
    });
  });

  it('before or after the run does not count', () => {
    const ledger = createRunLedger();
    addInterval(ledger, exampleInterval(), { startMs: 1000, endMs: null });
    addInterval(ledger, exampleInterval(), { startMs: -500, endMs: 0 });
    expect(ledger.domains.size).toBe(0);
  });

  it('under half a second makes no peak: counters step every 20 to 100 ms', () => {
    const ledger = createRunLedger();
    addInterval(ledger, exampleInterval({ joules: 100 }), always);
    // 50 J in 300 ms would be 167 W.
    addInterval(ledger, exampleInterval({ fromMs: 1000, toMs: 1300, joules: 50 }), always);
    expect(totalsOf(ledger, 'gpu:GPU-0')).toMatchObject({ joules: 150, peakWatts: 100 });
  });

  it('has no peak below its mean, whatever its longer stretches were', () => {
    const ledger = createRunLedger();
    addInterval(ledger, exampleInterval({ joules: 100 }), always);
    addInterval(ledger, exampleInterval({ fromMs: 1000, toMs: 1300, joules: 90 }), always);
    // 190 J in 1.3 s.
    expect(peakWattsOf(totalsOf(ledger, 'gpu:GPU-0'))).toBeCloseTo(146.15, 2);
    expect(peakWattsOf(totalsOf(createRunLedger(), 'gpu:GPU-0'))).toBeNull();
  });

  it('under half a second makes no peak of the run as a whole either: one of its beginning', () => {
    const ledger = createRunLedger();
    // A pulse of 300 W in the 150 ms up to its first tick, and 200 W in the second after it: 245 J in 1.15 s.
    notePeak(ledger, { joules: 45, seconds: 0.15 });
    expect(ledger.peakWatts).toBeNull();
    notePeak(ledger, { joules: 200, seconds: 1 });
    expect(ledger.peakWatts).toBeCloseTo(213.04, 2);
    notePeak(ledger, { joules: 260, seconds: 1 });
    expect(ledger.peakWatts).toBe(260);
  });

  it('under half a second counts for the peak together with those beside it', () => {
    const ledger = createRunLedger();
    for (let i = 0; i < 150; i++)
      addInterval(ledger, exampleInterval({ fromMs: 10 * i, toMs: 10 * i + 10, joules: i < 50 ? 1 : 4 }), always);
    expect(totalsOf(ledger, 'gpu:GPU-0').peakWatts).toBeCloseTo(400, 6);
  });

  it('gives the same sums in one piece and cut anywhere', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 9999 }), { maxLength: 8 });
    fc.assert(
      fc.property(
        cuts,
        fc.integer({ min: 0, max: 9999 }),
        fc.integer({ min: 0, max: 12_000 }),
        (at, startMs, lengthMs) => {
          const run = { startMs, endMs: startMs + lengthMs };
          const [whole, pieces] = [createRunLedger(), createRunLedger()];
          addInterval(whole, exampleInterval({ toMs: 10_000, joules: 5000 }), run);
          const edges = [0, ...at.sort((a, b) => a - b), 10_000];
          for (const [i, toMs] of edges.slice(1).entries()) {
            const fromMs = edges[i] ?? 0;
            addInterval(pieces, exampleInterval({ fromMs, toMs, joules: (toMs - fromMs) / 2 }), run);
          }
          expect(totalsOf(pieces, 'gpu:GPU-0').joules).toBeCloseTo(totalsOf(whole, 'gpu:GPU-0').joules, 6);
          expect(totalsOf(pieces, 'gpu:GPU-0').coveredSeconds).toBeCloseTo(
            totalsOf(whole, 'gpu:GPU-0').coveredSeconds,
            9,
          );
        },
      ),
    );
  });
});

describe('a reading', () => {
  it('leaves its peaks and its use behind, and nothing where it says nothing', () => {
    const ledger = createRunLedger();
    for (const [utilizationRatio, temperatureCelsius] of [
      [0.5, 60],
      [null, null],
      [0, 55],
    ])
      addReading(
        ledger,
        exampleReading(0, {
          utilizationRatio: utilizationRatio ?? null,
          temperatureCelsius: temperatureCelsius ?? null,
        }),
      );
    expect(totalsOf(ledger, 'gpu:GPU-0')).toMatchObject({
      utilizationSum: 0.5,
      utilizationCount: 2,
      peakTemperatureCelsius: 60,
      peakMemoryUsedBytes: null,
    });
  });
});

describe('the totals of a run', () => {
  function ledgerOf(
    ...parts: readonly {
      readonly domain: Domain;
      readonly seconds: number;
      readonly joules: number;
      readonly runJoules: number;
    }[]
  ): RunLedger {
    const ledger = createRunLedger();
    for (const { domain, seconds, joules, runJoules } of parts) {
      const domainId = domain.id;
      addInterval(
        ledger,
        exampleInterval({ domainId, toMs: seconds * 1000, joules, provenance: domain.provenance }),
        always,
      );
      addShare(
        ledger,
        domainId,
        exampleShare({ joules: runJoules, lowJoules: runJoules * 0.9, highJoules: runJoules * 1.1 }),
      );
    }
    return ledger;
  }
  const gpu = exampleGpu();
  const cpu = exampleCpu({ provenance: 'model' });

  it('sum its shares, and what the machine drew meanwhile', () => {
    const ledger = ledgerOf(
      { domain: gpu, seconds: 10, joules: 3000, runJoules: 1500 },
      { domain: cpu, seconds: 5, joules: 400, runJoules: 100 },
    );
    const totals = runTotals(ledger, domains(gpu, cpu), 10);
    expect(totals).toMatchObject({ totalJoules: 1600, machineJoules: 3400, devices: 'NVIDIA Example 1' });
    expect(totals.lowJoules).toBeCloseTo(1440, 9);
    // 5 s of the CPU were not covered and may have drawn its peak of 20 W: 100 J more.
    expect(totals.highJoules).toBeCloseTo(1860, 9);
    // The GPU was seen for 10 of 10 s, the CPU for 5: 15 of 20.
    expect(totals.coverage).toBe(0.75);
    // 1500 J in 10 s and 100 J in 5 s: 150 W and 20 W.
    expect(totals.meanWatts).toBe(170);
    // Half of the GPU's counted joules are the run's, a quarter of the CPU's modelled ones.
    expect(totals.byProvenance).toEqual({ counter: 1500, model: 100 });
  });

  it('leave out a domain that contains others', () => {
    const platform = exampleGpu({ id: 'platform', kind: 'platform' });
    const ledger = ledgerOf(
      { domain: gpu, seconds: 10, joules: 3000, runJoules: 1500 },
      { domain: platform, seconds: 10, joules: 9000, runJoules: 4500 },
    );
    expect(runTotals(ledger, domains(gpu, platform), 10)).toMatchObject({
      totalJoules: 1500,
      machineJoules: 3000,
      coverage: 1,
    });
  });

  it('are null, not 0, until anything was measured; a domain that was only seen lowers the coverage', () => {
    const ledger = createRunLedger();
    addReading(ledger, exampleReading(0, { utilizationRatio: 1 }));
    expect(runTotals(ledger, domains(gpu), 10)).toMatchObject({
      totalJoules: null,
      machineJoules: null,
      coverage: 0,
      devices: '',
    });
    addInterval(ledger, exampleInterval({ domainId: 'cpu:0', toMs: 10_000 }), always);
    expect(runTotals(ledger, domains(gpu, cpu), 10)).toMatchObject({ coverage: 0.5, totalJoules: 0, devices: 'CPU' });
  });

  it('name the devices that it drew from, as people count them', () => {
    const second = exampleGpu({ id: 'gpu:b', index: 1 });
    const unused = exampleGpu({ id: 'gpu:c', index: 2, name: 'Other' });
    const ledger = ledgerOf(
      { domain: gpu, seconds: 1, joules: 10, runJoules: 10 },
      { domain: second, seconds: 1, joules: 10, runJoules: 10 },
      { domain: unused, seconds: 1, joules: 10, runJoules: 0 },
      { domain: cpu, seconds: 1, joules: 10, runJoules: 10 },
    );
    expect(runTotals(ledger, domains(gpu, second, unused, cpu), 1).devices).toBe('2 × NVIDIA Example 1');
  });

  it('bound a run that is told nothing by the share that it may have had, also where nobody looked', () => {
    const ledger = createRunLedger();
    // 100 J at 10 W, seen for 10 of 12 s; at most 55 of its at most 110 J may have been the run's.
    addInterval(ledger, exampleInterval({ toMs: 10_000, joules: 100, lowJoules: 90, highJoules: 110 }), always);
    addOpenShare(ledger, 'gpu:GPU-0', 55);
    const totals = totalsOf(ledger, 'gpu:GPU-0');
    expect(uncertaintyOf(totals, 12, 'run')).toMatchObject({ lowJoules: 0, highJoules: 55, uncoveredSeconds: 2 });
    expect(uncertaintyOf(totals, 12, 'run').mostWatts).toBeCloseTo(5, 9);
    expect(uncertaintyOf(totals, 12, 'domain')).toMatchObject({ lowJoules: 90, highJoules: 110, mostWatts: 10 });
    expect(runTotals(ledger, domains(gpu), 12).highJoules).toBeCloseTo(65, 9);
  });
});
