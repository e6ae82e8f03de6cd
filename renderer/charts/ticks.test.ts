import { describe, expect, it } from 'vitest';
import { hasSeconds, timeTicks, valueTicks } from './ticks.ts';

describe('timeTicks', () => {
  it('gives round ten minutes inside an hour', () => {
    // 13:31 to 14:31 UTC; 60 min in steps of 10 min: 13:40 … 14:30.
    const from = Date.UTC(2026, 10, 22, 13, 31);
    const ticks = timeTicks(from, from + 3_600_000, { count: 7, offsetMinutes: 0 });
    expect(ticks.map((at) => new Date(at).toISOString().slice(11, 16))).toEqual([
      '13:40',
      '13:50',
      '14:00',
      '14:10',
      '14:20',
      '14:30',
    ]);
  });

  it('stands on local midnight where the zone is half an hour off', () => {
    // India, +330 min: local midnight is 18:30 UTC.
    const from = Date.UTC(2026, 10, 22, 12);
    const ticks = timeTicks(from, from + 24 * 3_600_000, { count: 2, offsetMinutes: 330 });
    expect(ticks.map((at) => new Date(at).toISOString().slice(11, 16))).toEqual(['18:30', '06:30']);
  });
});

describe('valueTicks', () => {
  it('holds 4,588 W in steps of 1,000', () => {
    // 4588 / 5 = 917.6, the next of 1-2-5 is 1000; 5 steps reach 5000.
    expect(valueTicks(0, 4588, 10)).toEqual({ min: 0, max: 5000, values: [0, 1000, 2000, 3000, 4000, 5000] });
  });

  it('starts where it is told: temperature at 20', () => {
    // (87 − 20) / 5 = 13.4, step 20; 4 steps reach 100.
    expect(valueTicks(20, 87, 60)).toEqual({ min: 20, max: 100, values: [20, 40, 60, 80, 100] });
  });

  it('has a range for nothing at all', () => {
    expect(valueTicks(0, 0, 10).max).toBe(10);
  });

  it('does not add a step for a value that is just the limit', () => {
    // 0.8 / 5 = 0.16, step 0.2; 4 steps reach 0.8.
    expect(valueTicks(0, 0.8, 0.01).values).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
  });
});

it('shows seconds under five minutes', () => {
  expect([hasSeconds(0, 299_000), hasSeconds(0, 300_000)]).toEqual([true, false]);
});
