import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edgedTimeTicks, hasSeconds, timeTicks, valueTicks } from './ticks.ts';

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

describe('edgedTimeTicks', () => {
  const clock = (at: number): string => new Date(at).toISOString().slice(11, 16);
  const day = (plotPx: number): readonly string[] => {
    const from = Date.UTC(2026, 10, 22, 8, 52);
    return edgedTimeTicks(from, from + 24 * 3_600_000, { offsetMinutes: 0, plotPx, labelPx: 32 }).map(clock);
  };

  it('has as many hours of a day as have room between its two ends', () => {
    // 209 px, 52 px for 6 h: 12:00 lies 27 px from the left end, 06:00 25 px from the right one, and each label needs 32 px.
    expect(day(209)).toEqual(['08:52', '18:00', '00:00', '08:52']);
    // 376 px, 47 px for 3 h.
    expect(day(376)).toEqual(['08:52', '15:00', '18:00', '21:00', '00:00', '03:00', '08:52']);
    // Wide enough for each 3 h up to 06:00, which would be nine labels: each 6 h.
    expect(day(1000)).toEqual(['08:52', '12:00', '18:00', '00:00', '06:00', '08:52']);
  });

  it('never lets two labels touch, and always has both ends, whatever the window and the width', () => {
    const minutes = fc.integer({ min: 15, max: 60 * 24 * 45 });
    fc.assert(
      fc.property(minutes, fc.integer({ min: 80, max: 2400 }), fc.constantFrom(32, 56), (span, plotPx, labelPx) => {
        const from = Date.UTC(2026, 10, 22, 8, 52);
        const to = from + span * 60_000;
        const ticks = edgedTimeTicks(from, to, { offsetMinutes: 330, plotPx, labelPx });
        expect([ticks[0], ticks.at(-1)]).toEqual([from, to]);
        expect(ticks.length).toBeLessThanOrEqual(8);
        const x = (at: number): number => ((at - from) / (to - from)) * plotPx;
        const labels = ticks.map((at, i) => {
          const left = i === 0 ? 0 : i === ticks.length - 1 ? plotPx - labelPx : x(at) - labelPx / 2;
          return { left, right: left + labelPx };
        });
        if (plotPx < 2 * labelPx) return;
        for (const [i, label] of labels.slice(1).entries())
          expect(label.left).toBeGreaterThanOrEqual((labels[i]?.right ?? 0) - 1e-6);
      }),
    );
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
