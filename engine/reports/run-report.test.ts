import { describe, expect, it } from 'vitest';
import { type AlertLogEntry, alertEntryDefaults } from '../../shared/model/alert.ts';
import { runReportSchema } from '../../shared/model/run.ts';
import {
  exampleCpu,
  exampleDomainTotals,
  exampleGpu,
  exampleRun,
  exampleTotals,
  markEntry,
} from '../../tests/examples.ts';
import { type RunReportInput, runReport, runSummary } from './run-report.ts';

/** 100 s: the GPU gave 36 kJ of which 18 kJ are the run's, the CPU was seen half of the time. */
const input = (change: Partial<RunReportInput> = {}): RunReportInput => ({
  record: exampleRun({
    startedMs: Date.UTC(2026, 6, 14, 8),
    endedMs: Date.UTC(2026, 6, 14, 8, 1, 40),
    durationSeconds: 100,
    status: 'finished',
    exitCode: 0,
    price: { pricePerKwh: 0.36, currency: 'EUR' },
  }),
  totals: exampleTotals({
    totalJoules: 20_000,
    lowJoules: 18_000,
    highJoules: 22_000,
    machineJoules: 40_000,
    coverage: 0.75,
    meanWatts: 220,
    peakWatts: 450,
    byProvenance: { counter: 18_000, model: 2000 },
    cpuSeconds: 250,
    peakMemoryBytes: 5e9,
  }),
  domains: [
    {
      domain: exampleGpu(),
      totals: exampleDomainTotals({
        joules: 36_000,
        runJoules: 18_000,
        coveredSeconds: 100,
        byProvenance: { counter: 36_000 },
        utilizationSum: 80,
        utilizationCount: 100,
      }),
    },
    {
      domain: exampleCpu({ provenance: 'model' }),
      totals: exampleDomainTotals({ joules: 4000, runJoules: 2000, coveredSeconds: 50, byProvenance: { model: 4000 } }),
    },
  ],
  gaps: [],
  marks: [],
  alerts: [],
  wall: null,
  ...change,
});

describe('a run report', () => {
  it('has the shape that is promised to scripts', () => {
    const report = runReport(input());
    expect(runReportSchema.parse(report)).toEqual(report);
    expect(report.run).toMatchObject({ startedAt: '2026-07-14T08:00:00.000Z', endedAt: '2026-07-14T08:01:40.000Z' });
  });

  it('says of an alert what was read, as the log of alerts says it', () => {
    const power: AlertLogEntry = {
      ...alertEntryDefaults,
      id: 'a1',
      runIds: [],
      ruleId: 'r1',
      ruleName: 'Power above 4400 W for 30 s',
      level: 'warning',
      scopeLabel: 'Whole machine',
      firedAtMs: Date.UTC(2026, 6, 14, 8),
      clearedAtMs: null,
      isAcknowledged: false,
      valueWatts: 4691,
      peakWatts: 4700,
      limitWatts: 4400,
      isTest: false,
      deliveries: [],
    };
    const heat = { ...power, ruleName: 'Hot', scopeLabel: 'GPU 0', valueWatts: null, value: 88.26, unit: '°C' };
    expect(runReport(input({ alerts: [power, heat] })).alerts.map(({ message }) => message)).toEqual([
      'Power above 4400 W for 30 s: Whole machine, 4,691 W',
      'Hot: GPU 0, 88.3 °C',
    ]);
  });

  it('works out emissions and cost from the joules and the factor stored with the run', () => {
    const { emissions, cost } = runReport(input());
    // 20 kJ = 1/180 kWh. × 400 g × PUE 1.5 = 3.333 g; × 0.36 = 0.002.
    expect(emissions.gramsCO2e).toBeCloseTo(10 / 3, 9);
    // 18 kJ and 22 kJ: 3 g and 3.667 g.
    expect(emissions.lowGramsCO2e).toBeCloseTo(3, 9);
    expect(emissions.highGramsCO2e).toBeCloseTo(11 / 3, 9);
    expect(cost?.amount).toBeCloseTo(0.002, 12);
  });

  it('gives means of power over the time that was seen, and of use over the run', () => {
    const { energy, utilization } = runReport(input());
    // Of the run's shares 18 kJ in 100 s and 2 kJ in 50 s. The GPU 36 kJ in 100 s; the CPU 4 kJ in the 50 s that it was seen.
    expect(energy.meanWatts).toBe(220);
    expect(energy.domains.map((domain) => domain.meanWatts)).toEqual([360, 80]);
    expect(energy.domains.map((domain) => domain.coverage)).toEqual([1, 0.5]);
    // 250 s of CPU in 100 s; 80 in 100 looks.
    expect(utilization).toEqual({ meanCpuCores: 2.5, peakMemoryBytes: 5e9, meanGpuRatio: 0.8 });
  });

  it('says what the joules stand on: each kind of evidence, and the weakest that carries a tenth', () => {
    const { energy } = runReport(input());
    expect(energy.evidence).toEqual({ counter: 0.9, model: 0.1 });
    expect(energy.provenance).toBe('model');
  });

  it('says how most of a share was found, not how its first or last second was', () => {
    const [first, ...others] = input().domains;
    if (first === undefined) throw new Error('no domain');
    const bySplit = { equal: 600, 'sm-share': 36_000, whole: 40 };
    const report = runReport(input({ domains: [{ ...first, totals: { ...first.totals, bySplit } }, ...others] }));
    expect(report.energy.domains[0]?.splitBy).toBe('sm-share');
  });

  it('cuts gaps to the run and leaves those of other times and domains out', () => {
    const start = Date.UTC(2026, 6, 14, 8);
    const gap = (fromMs: number, toMs: number, domainId = 'gpu:GPU-0') => ({
      domainId,
      fromMs: start + fromMs,
      toMs: start + toMs,
      reason: 'lost' as const,
      isBridged: false,
    });
    const gaps = [gap(-5000, 1000), gap(99_000, 200_000), gap(-9000, 0), gap(1000, 2000, 'gpu:other')];
    expect(runReport(input({ gaps })).energy.domains[0]?.gaps).toEqual([
      { from: '2026-07-14T08:00:00.000Z', to: '2026-07-14T08:00:01.000Z', reason: 'lost', isBridged: false },
      { from: '2026-07-14T08:01:39.000Z', to: '2026-07-14T08:01:40.000Z', reason: 'lost', isBridged: false },
    ]);
  });

  it('of a run that was merged from two leaves out what was missed between them, and counts none of that time', () => {
    const start = Date.UTC(2026, 6, 14, 8);
    const record = { ...input().record, breaks: [{ fromMs: start + 20_000, toMs: start + 60_000 }] };
    const lost = { domainId: 'gpu:GPU-0', reason: 'lost' as const, isBridged: false };
    const gaps = [
      { ...lost, fromMs: start + 10_000, toMs: start + 30_000 },
      { ...lost, fromMs: start + 40_000, toMs: start + 50_000 },
    ];
    const { mark } = markEntry(record.id, { kind: 'epoch', label: '1', value: 1, atMs: start + 80_000, joules: null });
    const report = runReport(input({ record, gaps, marks: [{ ...mark, joules: 10_000, point: null }] }));
    expect(report.energy.domains[0]?.gaps).toMatchObject([
      { from: '2026-07-14T08:00:10.000Z', to: '2026-07-14T08:00:20.000Z' },
    ]);
    // Of the first 80 s it was on for 40, of which 10 were missed of one of two domains.
    expect(report.epochs[0]).toMatchObject({ index: 1, seconds: 40, coverage: 1 - 10 / 80 });
  });

  it('has null, not 0, for what was never measured', () => {
    const domains = [{ domain: exampleGpu(), totals: exampleDomainTotals() }];
    const { energy, emissions, cost, utilization } = runReport(input({ totals: exampleTotals(), domains }));
    expect([energy.totalJoules, energy.meanWatts, energy.provenance, emissions.gramsCO2e, cost?.amount]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(energy.domains[0]).toMatchObject({
      joules: null,
      runJoules: null,
      lowJoules: null,
      meanWatts: null,
      coverage: 0,
    });
    expect(utilization.meanGpuRatio).toBeNull();
    expect(energy.evidence).toEqual({});
  });

  it('has the mean power of an earlier record by the coverage of its domains', () => {
    // 30 J in 17.5 % of 10 s: 17.1 W, not 3 W.
    const totals = exampleTotals({ totalJoules: 30, coverage: 0.175 });
    expect(runSummary(exampleRun({ durationSeconds: 10 }), totals).meanWatts).toBeCloseTo(30 / 1.75, 9);
  });

  it('has no cost without a price and no mean power before any time has passed', () => {
    const record = exampleRun({ durationSeconds: 0 });
    expect(runSummary(record, exampleTotals({ totalJoules: 5 }))).toMatchObject({ cost: null, meanWatts: null });
  });
});
