import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleInterval } from '../../tests/examples.ts';
import type { DayTotals } from '../store/store.ts';
import { createDayLedger, localMidnightMs } from './day-ledger.ts';

/** Local times, whatever zone the tests run in. */
const at = (day: number, hour: number, minute = 0): number => new Date(2026, 6, day, hour, minute).getTime();
const all = (): boolean => true;

describe('a day', () => {
  it('adds up energy, bounds and time by domain, and energy by local hour and evidence', () => {
    const day = createDayLedger(at(14, 9), [], all);
    day.add(exampleInterval({ joules: 300, lowJoules: 270, highJoules: 330 }), at(14, 9, 30));
    day.add(exampleInterval({ joules: 100, lowJoules: 90, highJoules: 110 }), at(14, 10));
    day.add(exampleInterval({ domainId: 'cpu:0', joules: 50, provenance: 'model' }), at(14, 10, 1));
    expect(day.domain('gpu:GPU-0')).toEqual({ joules: 400, lowJoules: 360, highJoules: 440, seconds: 2 });
    expect(day.hourlyJoules()).toHaveLength(24);
    expect(day.hourlyJoules().slice(8, 12)).toEqual([null, 300, 150, null]);
    expect(day.byProvenance()).toEqual({ counter: 400, model: 50 });
    expect([...day.domainIds()]).toEqual(['gpu:GPU-0', 'cpu:0']);
  });

  it('keeps a domain that contains others out of the hours, not out of its own account', () => {
    const day = createDayLedger(at(14, 9), [], (id) => id !== 'platform');
    day.add(exampleInterval({ domainId: 'platform', joules: 500 }), at(14, 9));
    expect(day.domain('platform')?.joules).toBe(500);
    expect(day.hourlyJoules()[9]).toBeNull();
    expect(day.byProvenance()).toEqual({});
  });

  it('begins anew at local midnight', () => {
    const day = createDayLedger(at(14, 23, 59), [], all);
    day.add(exampleInterval({ joules: 300 }), at(14, 23, 59));
    day.add(exampleInterval({ joules: 7 }), at(15, 0));
    expect(day.startMs()).toBe(at(15, 0));
    expect(day.domain('gpu:GPU-0')?.joules).toBe(7);
    expect(day.hourlyJoules()[23]).toBeNull();
  });

  it('goes on from what the record has of it already', () => {
    const row: DayTotals = {
      domainId: 'gpu:GPU-0',
      hour: 8,
      joules: 1000,
      lowJoules: 900,
      highJoules: 1100,
      seconds: 10,
      provenance: 'sensor',
    };
    // On the day of a clock change the record may speak of a 25th hour: it goes to the last.
    const day = createDayLedger(at(14, 9), [row, { ...row, hour: 24, joules: 5, provenance: 'unheard-of' }], all);
    day.add(exampleInterval({ joules: 300 }), at(14, 8, 30));
    expect(day.domain('gpu:GPU-0')).toMatchObject({ joules: 1305, seconds: 21 });
    expect([day.hourlyJoules()[8], day.hourlyJoules()[23]]).toEqual([1300, 5]);
    expect(day.byProvenance()).toEqual({ sensor: 1000, counter: 300 });
  });

  it('has null for a domain and hours of which nothing was measured', () => {
    const day = createDayLedger(at(14, 9), [], all);
    expect(day.domain('gpu:GPU-0')).toBeNull();
    expect(day.hourlyJoules().every((joules) => joules === null)).toBe(true);
  });

  it('has hours that add up to its domains', () => {
    const intervals = fc.array(
      fc.record({
        joules: fc.integer({ min: 0, max: 5000 }),
        hour: fc.integer({ min: 0, max: 23 }),
        id: fc.constantFrom('a', 'b'),
      }),
    );
    fc.assert(
      fc.property(intervals, (given) => {
        const day = createDayLedger(at(14, 0), [], all);
        for (const { joules, hour, id } of given) day.add(exampleInterval({ domainId: id, joules }), at(14, hour));
        const byHour = day.hourlyJoules().reduce<number>((sum, joules) => sum + (joules ?? 0), 0);
        const byDomain = ['a', 'b'].reduce((sum, id) => sum + (day.domain(id)?.joules ?? 0), 0);
        expect(byHour).toBe(byDomain);
      }),
    );
  });
});

it('knows local midnight', () => {
  expect(localMidnightMs(at(14, 13, 37))).toBe(at(14, 0));
  expect(localMidnightMs(at(14, 0))).toBe(at(14, 0));
});
