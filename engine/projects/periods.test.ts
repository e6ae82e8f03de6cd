import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleRun, exampleTotals } from '../../tests/examples.ts';
import { runSummary } from '../reports/run-report.ts';
import { months, spreadOver, weeks } from './periods.ts';

const hourMs = 3_600_000;
const run = (startedMs: number, hours: number, totalJoules = 1000) =>
  runSummary(
    exampleRun({
      startedMs,
      endedMs: startedMs + hours * hourMs,
      durationSeconds: hours * 3600,
      price: { pricePerKwh: 3600, currency: 'EUR' },
    }),
    exampleTotals({ totalJoules }),
  );
const local = (text: string): number => new Date(text).getTime();

describe('weeks', () => {
  it.each([
    // ISO 8601: a week belongs to the year of its Thursday.
    ['2026-11-29T23:59:59', '2026-11-23T00:00:00', '2026-W48'],
    ['2026-11-30T00:00:00', '2026-11-30T00:00:00', '2026-W49'],
    ['2027-01-03T12:00:00', '2026-12-28T00:00:00', '2026-W53'],
    ['2024-12-31T12:00:00', '2024-12-30T00:00:00', '2025-W01'],
    ['2021-01-03T12:00:00', '2020-12-28T00:00:00', '2020-W53'],
  ])('%s lies in the one of %s, %s', (moment, start, label) => {
    expect(weeks.start(local(moment))).toBe(local(start));
    expect(weeks.label(local(start))).toBe(label);
  });
});

describe('spreadOver', () => {
  it('gives each side of a border its part of a run', () => {
    // Six hours before Monday, two after: 3/4 and 1/4 of 1000 J; 1000 J × 3600 EUR/kWh = 1 EUR; 1000 J × 400 g/kWh × 1.5 = 1/6 g.
    const monday = local('2026-11-23T00:00:00');
    const spread = spreadOver([run(monday - 6 * hourMs, 8)], { calendar: weeks, nowMs: monday, most: 10 });
    expect(spread.map(({ label, runs, joules }) => [label, runs, joules])).toEqual([
      ['2026-W47', 1, 750],
      ['2026-W48', 1, 250],
    ]);
    expect(spread[0]?.costs[0]?.amount).toBeCloseTo(0.75, 12);
    expect(spread[1]?.gramsCO2e).toBeCloseTo(1 / 24, 12);
  });

  it('has no holes, goes on to now, and keeps the newest', () => {
    const january = local('2026-01-15T12:00:00');
    const spread = spreadOver([run(january, 1)], { calendar: months, nowMs: local('2026-05-02T00:00:00'), most: 3 });
    expect(spread.map(({ label, joules }) => [label, joules])).toEqual([
      ['2026-03', 0],
      ['2026-04', 0],
      ['2026-05', 0],
    ]);
    expect(spreadOver([], { calendar: weeks, nowMs: january, most: 3 })).toEqual([]);
  });

  it('sums to what the runs took, however they lie', () => {
    const hours = fc.double({ min: 0, max: 2000, noNaN: true });
    const at = fc.integer({ min: local('2025-01-01T00:00:00'), max: local('2026-11-01T00:00:00') });
    fc.assert(
      fc.property(fc.array(fc.tuple(at, hours), { minLength: 1, maxLength: 8 }), fc.boolean(), (spans, isWeek) => {
        const runs = spans.map(([startedMs, length]) => run(startedMs, length));
        const spread = spreadOver(runs, {
          calendar: isWeek ? weeks : months,
          nowMs: local('2026-11-29T00:00:00'),
          most: 1000,
        });
        const sum = spread.reduce((total, { joules }) => total + joules, 0);
        expect(sum).toBeCloseTo(1000 * runs.length, 3);
      }),
      { numRuns: 50 },
    );
  });
});
