import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../shared/model/run.ts';
import { exampleCpu, exampleDomainTotals, exampleGpu, exampleRun, exampleTotals } from '../../tests/examples.ts';
import type { RunRecord, RunTotals } from '../store/records.ts';
import { csvPieces } from './csv.ts';
import { runReport } from './run-report.ts';

const report = (record: Partial<RunRecord> = {}, totals: Partial<RunTotals> = {}): RunReport =>
  runReport({
    record: exampleRun({ status: 'finished', endedMs: 1_010_000, durationSeconds: 10, ...record }),
    totals: exampleTotals(totals),
    domains: [
      { domain: exampleGpu(), totals: exampleDomainTotals({ runJoules: 500, coveredSeconds: 10 }) },
      { domain: exampleGpu({ id: 'gpu:b' }), totals: exampleDomainTotals({ runJoules: 250, coveredSeconds: 10 }) },
      { domain: exampleCpu(), totals: exampleDomainTotals() },
    ],
    gaps: [],
    marks: [],
    alerts: [],
    wall: null,
  });
const textOf = (reports: readonly RunReport[]): string =>
  [...csvPieces(reports.map((one) => ({ report: one, timeSeries: () => [] })))].join('');
/** As an RFC 4180 reader sees it. */
const rowsOf = (text: string): Record<string, string>[] =>
  parse(text, { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];
const only = (one: RunReport): Record<string, string> => rowsOf(textOf([one]))[0] ?? {};

it('has one row a run, with numbers that a program can read', () => {
  const price = { pricePerKwh: 0.3, currency: 'EUR' };
  const row = only(report({ price }, { totalJoules: 7_200_000, meanWatts: 720_000, byProvenance: { counter: 1 } }));
  // 7.2 MJ are 2 kWh. × 400 g/kWh × PUE 1.5 = 1200 g. × 0.30 EUR = 0.60 EUR. In 10 s: 720 kW. Two GPUs: 500 + 250 J; the CPU was never read.
  expect(row).toMatchObject({
    run_id: 'run1aaaaaa',
    name: 'train',
    tags: 'lr=3e-4',
    command: 'python train.py',
    started_at_utc: '1970-01-01T00:16:40.000Z',
    duration_seconds: '10',
    energy_joules: '7200000',
    energy_kwh: '2',
    gpu_energy_joules: '750',
    cpu_energy_joules: '',
    mean_power_watts: '720000',
    emissions_grams_co2e: '1200',
    cost_amount: '0.6',
    cost_currency: 'EUR',
    pue_ratio: '1.5',
    is_simulated: 'false',
  });
});

it('has the command as it can be pasted into a shell', () => {
  expect(only(report({ command: ['sh', '-c', 'echo "$0"', 'a b'] })).command).toBe(`sh -c 'echo "$0"' 'a b'`);
  expect(only(report({ command: null })).command).toBe('');
});

describe('the header', () => {
  it('names the unit of every column that is a number', () => {
    const row = only(report({ price: { pricePerKwh: 0.3, currency: 'EUR' } }, { totalJoules: 1, cpuSeconds: 1 }));
    const units = /_(seconds|joules|kwh|watts|ratio|co2e|bytes|cores|year|code|amount)$/;
    const numeric = Object.keys(row).filter((name) => row[name] !== '' && Number.isFinite(Number(row[name])));
    expect(numeric.length).toBeGreaterThan(10);
    // A count has no unit.
    expect(numeric.filter((name) => !units.test(name))).toEqual(['gaps']);
  });

  it('is there without runs, and once with many', () => {
    expect(textOf([])).toBe(`${textOf([]).split('\r\n')[0]}\r\n`);
    expect(rowsOf(textOf([report(), report({ id: 'run2' })])).map((row) => row.run_id)).toEqual(['run1aaaaaa', 'run2']);
  });
});

describe('text from outside', () => {
  it.each(['=HYPERLINK("x")', '+1', '-1', '@a', '\tcell', '\rcell'])('%j stays text in a spreadsheet', (name) => {
    expect(only(report({ name })).name).toBe(`'${name}`);
  });

  it.each(['a,b', 'say "hi"', 'two\nlines', 'two\r\nlines', '', ' spaces ', 'ü 漢字 🚀', "it's", '1e5'])(
    '%j comes back as it was',
    (name) => {
      expect(only(report({ name })).name).toBe(name);
    },
  );

  it('may be any: it comes back as it was but for apostrophes, and begins no formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (name, project) => {
        const row = only(report({ name, project }));
        for (const [given, found] of [
          [name, row.name],
          [project, row.project],
        ]) {
          const bare = (text: string | undefined): string | undefined => text?.replaceAll("'", '');
          expect(bare(found)).toBe(bare(given));
          expect(found).not.toMatch(/^[=+\-@\t\r]|;[=+\-@]/);
        }
      }),
    );
  });
});

describe('what is not known', () => {
  it('is an empty cell, not zero', () => {
    const row = only(report({ project: null, endedMs: null, command: null }));
    for (const name of ['project', 'ended_at_utc', 'command', 'energy_joules', 'energy_kwh', 'emissions_grams_co2e'])
      expect(row[name]).toBe('');
    expect([row.cost_amount, row.mean_power_watts, row.evidence]).toEqual(['', '', '']);
  });

  it('is not a zero that was measured', () => {
    expect(only(report({}, { totalJoules: 0 }))).toMatchObject({ energy_joules: '0', emissions_grams_co2e: '0' });
  });

  it('a negative number stays a number', () => {
    expect(only(report({ exitCode: -9 })).exit_code).toBe('-9');
  });
});

it('says which alert stopped a run, and whether it is held, beside a status that stays one word', () => {
  const stoppedBy = { alertId: 'a1', rule: '=Above "4.5 kW"' };
  expect(only(report({ status: 'stopped', stoppedBy }))).toMatchObject({
    status: 'stopped',
    stopped_by: '\'=Above "4.5 kW"',
    is_paused: 'false',
  });
  const running = report({ status: 'running', endedMs: null });
  expect(only({ ...running, run: { ...running.run, isPaused: true } })).toMatchObject({
    status: 'running',
    stopped_by: '',
    is_paused: 'true',
  });
});
