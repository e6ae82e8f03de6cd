import { describe, expect, it } from 'vitest';
import { fieldQueriesOf, isGone, type PowerWays, powerLookOf } from './device.ts';
import type { NvmlResult } from './nvml-api.ts';

const none: PowerWays = {
  hasAverageField: false,
  hasInstantField: false,
  hasUsage: true,
  usageWindowSeconds: 0,
  moduleFieldId: null,
  hasPolicyFields: false,
};
const value = (milli: number): NvmlResult<number> => ({ kind: 'value', value: milli });
const lookOf = (ways: PowerWays, answers: readonly NvmlResult<number>[], usageMilliwatts: number | null) =>
  powerLookOf(ways, fieldQueriesOf(ways), answers, usageMilliwatts);

describe('powerLookOf', () => {
  it('takes the average of 1 s where there is one, with the instant beside it', () =>
    expect(
      lookOf({ ...none, hasAverageField: true, hasInstantField: true }, [value(250_000), value(310_500)], null),
    ).toMatchObject({
      powerWatts: 250,
      windowSeconds: 1,
      instantWatts: 310.5,
    }));

  it('takes the usage where that is the average, and the instant field beside it', () =>
    expect(lookOf({ ...none, hasInstantField: true, usageWindowSeconds: 1 }, [value(310_500)], 250_000)).toMatchObject({
      powerWatts: 250,
      windowSeconds: 1,
      instantWatts: 310.5,
    }));

  it('takes the instant alone on what has no average', () => {
    expect(lookOf({ ...none, hasInstantField: true }, [value(310_500)], null)).toMatchObject({
      powerWatts: 310.5,
      windowSeconds: 0,
      instantWatts: null,
    });
    expect(lookOf(none, [], 90_000)).toMatchObject({ powerWatts: 90, windowSeconds: 0 });
  });

  it('reads module power and held-back times from the same call', () => {
    const ways = { ...none, hasAverageField: true, moduleFieldId: 185, hasPolicyFields: true };
    expect(lookOf(ways, [value(400_000), value(610_000), value(5e9), value(7)], null)).toMatchObject({
      powerWatts: 400,
      moduleWatts: 610,
      moduleWindowSeconds: 1,
      powerNanoseconds: 5e9,
      thermalNanoseconds: 7,
    });
  });

  it('has no power where a field fails, never 0', () =>
    expect(lookOf({ ...none, hasAverageField: true }, [{ kind: 'code', code: 3 }], null)).toMatchObject({
      powerWatts: null,
      windowSeconds: 0,
    }));
});

describe('isGone', () => {
  it('tells a lost device from a call that has no answer', () => {
    expect([1, 2, 9, 15, 16].map(isGone)).toEqual(Array(5).fill(true));
    expect([0, 3, 4, 6, 7, 999].map(isGone)).toEqual(Array(6).fill(false));
  });
});
