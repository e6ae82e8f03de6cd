import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runReport } from '../engine/reports/run-report.ts';
import type { RunReport } from '../shared/model/run.ts';
import { exampleCpu, exampleDomainTotals, exampleGpu, exampleRun, exampleTotals } from '../tests/examples.ts';
import { durationText, energyText, gramsText, summaryText, tableText, wattsText } from './text.ts';

describe('an energy', () => {
  it('ends at the place where its band begins', () => {
    // 31.73 kWh with 31.13 to 32.33 kWh: ±0.6 kWh, so one decimal; the ends are rounded outward.
    const joules = 3_600_000;
    expect(energyText(31.73 * joules, 31.13 * joules, 32.33 * joules)).toBe('31.7 ±0.6 kWh (31.1 – 32.4)');
  });

  it('shows both ends and no ± where the band lies to one side', () => {
    const text = energyText(1000, 500, 2600);
    expect(text).not.toContain('±');
    expect(text).toMatch(/^\S+ \S+ \(\S+ – \S+\)$/);
  });

  it('is a dash when it is not known, never 0', () => {
    expect(energyText(null, null, null)).toBe('–');
    expect(wattsText(null)).toBe('–');
    expect(gramsText(null)).toBe('–');
  });

  it('is plain text for any terminal: no narrow spaces, no true minus', () => {
    const joules = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(
        joules,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 3, noNaN: true }),
        (value, low, high) => {
          const text = energyText(value, value * low, value * high);
          expect(text).toMatch(/^[0-9.,±–() JWhkMG<>~-]+$/);
        },
      ),
    );
  });
});

describe('a duration', () => {
  it.each([
    [0.04, '< 0.1 s'],
    [1.83, '1.8 s'],
    [3, '3 s'],
    [59.94, '59 s'],
    [132, '2 min 12 s'],
    [3 * 3600 + 41 * 60, '3 h 41 min'],
  ])('of %d s is %s', (seconds, text) => expect(durationText(seconds)).toBe(text));
});

describe('a table', () => {
  it('has columns of equal width, numbers to the right', () => {
    expect(
      tableText(
        [
          ['Name', 'Watts'],
          ['a', '5'],
          ['longer', '1234'],
        ],
        [1],
      ),
    ).toBe('Name    Watts\na           5\nlonger   1234');
  });

  it('counts columns as a terminal draws them', () => {
    expect(
      tableText([
        ['Name', 'W'],
        ['训练', '5'],
        ['🚀 e\u0301', '6'],
        ['plain', '7'],
      ]),
    ).toBe('Name   W\n训练   5\n🚀 e\u0301   6\nplain  7');
  });

  it('holds no text that does anything to a terminal', () => {
    expect(tableText([['a\u001b[31m\n\u202eb', 'c']])).toBe('a?[31m??b  c');
  });

  it('is nothing without rows', () => expect(tableText([])).toBe(''));
});

describe('the summary of a run', () => {
  const report = (change: Partial<Parameters<typeof exampleRun>[0] & object> = {}): RunReport =>
    runReport({
      record: exampleRun({ status: 'finished', durationSeconds: 100, endedMs: 1_100_000, ...change }),
      totals: exampleTotals({
        totalJoules: 36_000,
        lowJoules: 34_000,
        highJoules: 38_000,
        coverage: 0.987,
        meanWatts: 360,
        peakWatts: 450,
        byProvenance: { counter: 36_000 },
      }),
      domains: [
        {
          domain: exampleGpu(),
          totals: exampleDomainTotals({
            joules: 36_000,
            runJoules: 36_000,
            runLowJoules: 34_000,
            runHighJoules: 38_000,
            coveredSeconds: 100,
            byProvenance: { counter: 36_000 },
          }),
        },
        {
          domain: exampleCpu({ provenance: 'model' }),
          totals: exampleDomainTotals({ coveredSeconds: 100, bySplit: { assumed: 1 } }),
        },
      ],
      gaps: [{ domainId: 'gpu:GPU-0', fromMs: 1_010_000, toMs: 1_012_000, reason: 'lost', isBridged: false }],
      marks: [],
      alerts: [],
      wall: null,
    });

  it('says what it cost, how sure that is, and what it stands on', () => {
    const text = summaryText(report());
    // 36 kJ are 10 Wh; at 400 g/kWh and PUE 1.5: 6 g.
    expect(text).toContain('train finished · run1aaaaaa · 100 s');
    expect(text).toMatch(/Energy +10\.0 ±0\.6 Wh \(9\.4 – 10\.6\), 98\.7 % of the time seen/);
    expect(text).toMatch(/Power +mean 360 W, peak 450 W/);
    expect(text).toMatch(/Emissions +6(\.0+)? g CO2e at 400 g\/kWh \(Germany 2024\), PUE 1\.5/);
    expect(text).toMatch(/GPU 0 \(NVIDIA Example 1\) .* counter +100 %/);
    expect(text).toMatch(/CPU \(Example CPU\) .* model, share assumed/);
    expect(text).not.toContain('Cost');
  });

  it('names what was there and could not be read at all', () => {
    const environment = {
      os: null,
      kernel: null,
      cpu: null,
      gpus: [],
      driverVersion: null,
      cudaVersion: null,
      wattrunVersion: null,
      unread: [{ label: 'nvidia-smi', reason: 'It has failed.' }],
      python: null,
      variables: {},
    };
    expect(summaryText(report({ environment }))).toMatch(
      /\nNot read +nvidia-smi: It has failed\. What it measures is in none of these figures\.\n/,
    );
  });

  it('gives the run’s own mean on each device, beside the peak of the whole device', () => {
    const { energy, ...rest } = report();
    const shared = energy.domains.map((domain) => ({ ...domain, runJoules: (domain.runJoules ?? 0) / 4 }));
    const text = summaryText({ ...rest, energy: { ...energy, domains: shared } });
    // 36,000 J over 100 s are 360 W, of which a quarter is the run's.
    expect(text).toMatch(/Energy of the run +Mean +Device peak/);
    expect(text).toMatch(/GPU 0 \(NVIDIA Example 1\) .* 90\.0 W +360 W /);
  });

  it('gives emissions no more digits than the energy has', () => {
    const { energy, emissions, ...rest } = report();
    const bounded = { ...emissions, gramsCO2e: 0.0175, lowGramsCO2e: 0.005, highGramsCO2e: 0.045 };
    const sci = {
      isEmbodiedIncluded: false,
      perRun: 0.0175,
      perEpoch: null,
      perStep: 0.00175,
      perSample: null,
      perToken: null,
    };
    const text = summaryText({ ...rest, energy, emissions: { ...bounded, sci } });
    expect(text).toContain('Emissions  0.02 g CO2e at');
    expect(text).toContain('SCI        0.02 g CO2e per run, 0.002 g CO2e per step');
  });

  it('names each gap with its times and reason', () => {
    expect(summaryText(report())).toContain(
      'no reading of GPU 0 from 1970-01-01T00:16:50.000Z to 1970-01-01T00:16:52.000Z: the device was lost; its energy is missing',
    );
  });

  it('says the cost where there is a price, and that a simulated run is one', () => {
    // 0.01 kWh × 0.30.
    const text = summaryText(report({ price: { pricePerKwh: 0.3, currency: 'EUR' }, isSimulated: true }));
    expect(text).toMatch(/Cost +0\.0030 EUR at 0\.3 EUR\/kWh/);
    expect(text).toContain('train finished (simulated)');
  });

  it('puts the whole machine at the wall on a line of its own, with where that comes from', () => {
    const { energy, ...rest } = report();
    // 72 kJ are 20 Wh, 64.8 kJ 18 Wh, 79.2 kJ 22 Wh.
    const wall = { joules: 72_000, lowJoules: 64_800, highJoules: 79_200, coverage: 1 };
    const measured = summaryText({
      ...rest,
      energy: { ...energy, wall: { ...wall, isMeasured: true, meter: 'desk' } },
    });
    expect(measured).toContain(
      '\nAt the wall  20 ±2 Wh (18 – 22), the whole machine, by the wattmeter desk, 100 % of the time seen\n',
    );
    expect(measured).toMatch(/\nPower {8}mean/);
    const estimated = summaryText({
      ...rest,
      energy: { ...energy, wall: { ...wall, isMeasured: false, meter: null } },
    });
    expect(estimated).toContain('the whole machine, estimated from its calibration\n');
    expect(summaryText(report())).not.toContain('wall');
  });

  it('cannot be forged by a run’s name', () => {
    const text = summaryText(report({ name: 'x\n\u001b[2Jy' }));
    expect(text.split('\n')[0]).toContain('x??[2Jy finished');
  });
});
