import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../../shared/model/run.ts';
import { exampleRun, exampleTotals } from '../../tests/examples.ts';
import { runSummary } from '../reports/run-report.ts';
import type { RunRecord, RunTotals } from '../store/records.ts';
import { type ProjectRun, projectReport, projectSummary } from './project-report.ts';

const nowMs = Date.UTC(2026, 10, 29, 12);
const dayMs = 86_400_000;

interface Made {
  readonly status?: RunStatus;
  readonly agoDays?: number;
  readonly idleJoules?: number | null;
  readonly record?: Partial<RunRecord>;
  readonly totals?: Partial<RunTotals>;
}

/** 1000 J (900 – 1200) in an hour. */
function made(
  id: string,
  { status = 'finished', agoDays = 1, idleJoules = null, record, totals }: Made = {},
): ProjectRun {
  const startedMs = nowMs - agoDays * dayMs;
  return {
    idleJoules,
    run: runSummary(
      exampleRun({ id, status, startedMs, endedMs: startedMs + 3_600_000, durationSeconds: 3600, ...record }),
      exampleTotals({ totalJoules: 1000, lowJoules: 900, highJoules: 1200, ...totals }),
    ),
  };
}
const summaryOf = (runs: readonly ProjectRun[]) => projectSummary({ project: 'p', runs, nowMs });

describe('sums', () => {
  it('add up energy with its bounds, grams, and money by currency', () => {
    const eur = { record: { price: { pricePerKwh: 3600, currency: 'EUR' } } };
    const usd = { record: { price: { pricePerKwh: 7200, currency: 'USD' } } };
    const { totals, runs } = summaryOf([made('a', eur), made('b', usd), made('c', eur), made('d')]);
    expect(runs).toBe(4);
    expect(totals).toMatchObject({ joules: 4000, lowJoules: 3600, highJoules: 4800 });
    // 1000 J are 1/3600 kWh: 1 EUR, 2 USD. 4000 J × 400 g/kWh × 1.5 = 2/3 g.
    expect(totals.costs).toEqual([
      { currency: 'EUR', amount: 2 },
      { currency: 'USD', amount: 2 },
    ]);
    expect(totals.gramsCO2e).toBeCloseTo(2 / 3, 12);
  });

  it('have no bounds where one run has none, and nothing where nothing was measured', () => {
    const imported = made('a', { totals: { lowJoules: null, highJoules: null } });
    expect(summaryOf([imported, made('b')]).totals).toMatchObject({ joules: 2000, lowJoules: null, highJoules: null });
    const unmeasured = made('a', { totals: { totalJoules: null, lowJoules: null, highJoules: null } });
    expect(summaryOf([unmeasured]).totals).toMatchObject({ joules: null, lowJoules: null, gramsCO2e: null });
    expect(summaryOf([unmeasured, made('b')]).totals).toMatchObject({ joules: 1000, lowJoules: 900 });
  });
});

describe('what was lost', () => {
  it('is all of a failed or interrupted run, and of the others what their GPUs drew while they stood', () => {
    const runs = [
      made('a', { status: 'failed', idleJoules: 600 }),
      made('b', { status: 'interrupted' }),
      made('c', { status: 'stopped', idleJoules: 50 }),
      made('d', { idleJoules: 300 }),
      made('e', { idleJoules: 0 }),
    ];
    expect(summaryOf(runs).loss).toEqual({ failedJoules: 2000, failedRuns: 2, idleJoules: 350 });
    const { wasteful } = projectReport({ project: 'p', runs, nowMs });
    expect(wasteful.map(({ id, reason, wastedJoules }) => [id, reason, wastedJoules])).toEqual([
      ['a', 'failed', 1000],
      ['b', 'failed', 1000],
      ['d', 'idle', 300],
      ['c', 'idle', 50],
    ]);
    // 0.3 of the run's own 1/6 g.
    expect(wasteful[2]?.wastedGramsCO2e).toBeCloseTo(0.05, 12);
  });

  it('is not known where no GPU told its use', () => {
    expect(summaryOf([made('a')]).loss.idleJoules).toBeNull();
  });
});

describe('the trend', () => {
  it('holds the last 28 days against the 28 before', () => {
    const runs = [
      made('a', { agoDays: 2 }),
      made('b', { agoDays: 40 }),
      made('c', { agoDays: 50 }),
      made('d', { agoDays: 90 }),
    ];
    expect(summaryOf(runs).trend).toEqual({ days: 28, recentJoules: 1000, beforeJoules: 2000, ratio: 0.5 });
    expect(summaryOf([made('a')]).trend.ratio).toBeNull();
  });
});
