import { describe, expect, it } from 'vitest';
import { runSummary } from './run-fixtures.ts';
import { totalRuns } from './run-totals.ts';

const run = (totalJoules: number | null, changes: Parameters<typeof runSummary>[0] = {}) =>
  runSummary({
    totalJoules,
    lowJoules: totalJoules === null ? null : totalJoules - 1,
    highJoules: totalJoules === null ? null : totalJoules + 2,
    ...changes,
  });

describe('totalRuns', () => {
  it('adds energies and their bounds end to end', () => {
    // 10 (9 – 12) and 20 (19 – 22): 30 (28 – 34).
    expect(totalRuns([run(10), run(20)])).toMatchObject({
      joules: 30,
      lowJoules: 28,
      highJoules: 34,
      isLowerBound: false,
    });
  });

  it('is a lower bound where one run was not measured, and nothing where none was', () => {
    expect(totalRuns([run(10), run(null)])).toMatchObject({ joules: 10, isLowerBound: true });
    expect(totalRuns([run(null)])).toMatchObject({ joules: null, isLowerBound: false });
    expect(totalRuns([])).toMatchObject({ count: 0, joules: null, costs: [], byStatus: [] });
  });

  it('never adds one currency to another', () => {
    const cost = (currency: string, amount: number | null) => ({ pricePerKwh: 1, currency, amount });
    const totals = totalRuns([
      run(1, { cost: cost('EUR', 2) }),
      run(1, { cost: cost('USD', 3) }),
      run(1, { cost: cost('EUR', 4) }),
      run(1, { cost: null }),
    ]);
    expect(totals.costs).toEqual([
      { currency: 'EUR', amount: 6 },
      { currency: 'USD', amount: 3 },
    ]);
  });

  it('tells where it went, leaving out what took nothing', () => {
    const totals = totalRuns([run(5, { status: 'failed' }), run(7), run(3, { status: 'failed' })]);
    expect(totals.byStatus).toEqual([
      { status: 'finished', joules: 7, lowJoules: 6, highJoules: 9 },
      { status: 'failed', joules: 8, lowJoules: 6, highJoules: 12 },
    ]);
  });
});
