import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveOfSegment, curveOfWave, sumOfCurves } from './power-curve.ts';
import { createRandom } from './random.ts';
import type { SimulatedSensor } from './sensor.ts';
import { countedJoules, errorOf, renewedAtSeconds, sensedInstantWatts, sensedWatts } from './sensor.ts';
import { createSensorReader, type SensorLook, type SensorReader } from './sensor-reader.ts';
import { constantPower } from './waveform.ts';

/** 100 W, and 200 W more from second 10 to 12. */
const power = sumOfCurves([
  curveOfWave(constantPower(100)),
  curveOfSegment({ fromSeconds: 10, toSeconds: 12, wave: constantPower(200) }),
]);

const readerOf = (sensor: SimulatedSensor, resetsAtSeconds: readonly number[] = []): SensorReader =>
  createSensorReader({ power, sensor, counting: { fromSeconds: 0, resetsAtSeconds }, random: createRandom(7) });
const valuesOf = (looks: readonly SensorLook[]): SensorLook['values'] => looks.at(-1)?.values ?? {};

describe('a sensor’s power', () => {
  it('is the mean of its window before its last renewal', () => {
    // Renewed at 10.2 s: of the second before, 0.2 s at 300 W and 0.8 s at 100 W.
    expect(sensedWatts(power, { kind: 'average-1s' }, 10.29)).toBeCloseTo(140, 9);
    // Renewed at 10.0 s and at 10.1 s: 25 ms before and 25 ms after the step.
    expect(sensedWatts(power, { kind: 'part-time' }, 10.09)).toBeCloseTo(100, 9);
    expect(sensedWatts(power, { kind: 'part-time' }, 10.11)).toBeCloseTo(300, 9);
    // Renewed at 11.9 s, when there were 300 W yet.
    expect(sensedWatts(power, { kind: 'instant' }, 11.99)).toBe(300);
    expect(sensedWatts(power, { kind: 'instant' }, 12.01)).toBe(100);
  });

  it('has a gain, and two decimals', () => {
    // 140 W × 1.01234 = 141.7276 W.
    expect(sensedWatts(power, { kind: 'average-1s', gainRatio: 1.01234 }, 10.2)).toBe(141.73);
  });

  it('follows at once in its instant value where its window is long', () => {
    expect(sensedInstantWatts(power, { kind: 'average-1s' }, 10.2)).toBe(300);
    // 25 ms of 100 W and of 300 W lie on either side of 10 s: of the window that ends at 10.0 s none is after it.
    expect(sensedInstantWatts(power, { kind: 'part-time' }, 10.0)).toBe(100);
  });

  it('comes with the error that the product knows of its kind', () => {
    expect(errorOf({ kind: 'counter' })).toEqual({ lowRatio: 1, highRatio: 1, offsetWatts: 0 });
    expect(errorOf({ kind: 'average-1s' })).toEqual({ lowRatio: 1, highRatio: 1, offsetWatts: 5 });
    expect(errorOf({ kind: 'part-time' })).toEqual({ lowRatio: 0.95, highRatio: 1.05, offsetWatts: 5 });
    const own = { lowRatio: 0.9, highRatio: 1.2, offsetWatts: 1 };
    expect(errorOf({ kind: 'counter', error: own })).toBe(own);
  });
});

describe('the last renewal', () => {
  it('is a whole number of periods ago, or right now where there is no period', () => {
    expect(renewedAtSeconds(0.75, 0.5)).toBe(0.5);
    expect(renewedAtSeconds(-0.25, 0.5)).toBe(-0.5);
    expect(renewedAtSeconds(1.234, 0)).toBe(1.234);
    // 3 × 0.1 is more than 0.3 in binary, and yet the third renewal.
    expect(renewedAtSeconds(0.3, 0.1)).toBeCloseTo(0.3, 9);
  });

  it('is never later than now, and less than a period before', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1000, max: 1000, noNaN: true }),
        fc.constantFrom(0.001, 0.02, 0.1, 1),
        (seconds, period) => {
          const ageSeconds = seconds - renewedAtSeconds(seconds, period);
          expect(ageSeconds).toBeGreaterThan(-1e-6);
          expect(ageSeconds).toBeLessThan(period + 1e-6);
        },
      ),
    );
  });
});

describe('a counter', () => {
  it('counts, wraps at its range and begins anew after a reset', () => {
    const at = { fromSeconds: 0, resetsAtSeconds: [], stepSeconds: 12 };
    // 12 s at 100 W and 2 s of 200 W more.
    expect(countedJoules(power, { kind: 'counter' }, at)).toBe(1600);
    expect(countedJoules(power, { kind: 'counter', rangeJoules: 700 }, at)).toBe(200);
    // Since 11 s: 300 J. A reset that is still to come changes nothing.
    expect(countedJoules(power, { kind: 'counter' }, { ...at, resetsAtSeconds: [11, 13] })).toBe(300);
  });

  it('read at any moment is dated half a period back, and may be a period off', () => {
    const looks = readerOf({ kind: 'counter', updateSeconds: 0.5 }).read(9.7, false);
    // Renewed at 9.5 s: 950 J.
    expect(looks).toEqual([
      {
        atSeconds: 9.45,
        values: { counterJoules: 950, counterRangeJoules: null, counterLagSeconds: 0.5 },
      },
    ]);
  });

  it('waited for at a run’s edge gives its value at the step and a period before, to half the time between two looks', () => {
    const [before, after] = readerOf({ kind: 'counter', updateSeconds: 0.5 }).read(9.7, true);
    expect(before?.values.counterJoules).toBe(950);
    expect(Math.abs((before?.atSeconds ?? 0) - 9.5)).toBeLessThanOrEqual(0.0021);
    expect(after?.values.counterJoules).toBe(1000);
    expect(Math.abs((after?.atSeconds ?? 0) - 10)).toBeLessThanOrEqual(0.0021);
    expect(after?.atSeconds).toBeGreaterThan(9.7);
    expect(after?.values.counterLagSeconds).toBe(0.004);
  });

  it('that steps faster than anybody looks is read once more, and one without a period right now', () => {
    const fast = readerOf({ kind: 'counter', updateSeconds: 0.001 }).read(5, true);
    expect(fast).toHaveLength(1);
    // The second look is at 5.004 s: 500.4 J, dated 5.002 s.
    expect(fast[0]?.values.counterJoules).toBeCloseTo(500.4, 6);
    expect(fast[0]?.atSeconds).toBeCloseTo(5.002, 9);
    const exact = readerOf({ kind: 'counter', updateSeconds: 0 }).read(5.4321, true);
    expect(exact).toEqual([
      { atSeconds: 5.4321, values: { counterJoules: 543.21, counterRangeJoules: null, counterLagSeconds: 0 } },
    ]);
  });

  it('has power beside it only where it is said to', () => {
    const sensor = { kind: 'counter', updateSeconds: 0, gainRatio: 1.01 } as const;
    expect(valuesOf(readerOf(sensor).read(5, false))).not.toHaveProperty('powerWatts');
    expect(valuesOf(readerOf({ ...sensor, hasCounterAndSamples: true }).read(5, false))).toMatchObject({
      counterJoules: 500,
      powerWatts: 101,
      powerWindowSeconds: 1,
    });
  });
});

describe('a sensor that sees a part of the time', () => {
  it('is sampled in between, and gives the mean since the last reading', () => {
    const reader = readerOf({ kind: 'part-time' });
    expect(valuesOf(reader.read(9, false))).toMatchObject({
      powerWatts: 100,
      powerWindowSeconds: 0,
      instantWatts: 100,
    });
    const values = valuesOf(reader.read(13, false));
    // Of 4 s half at 100 W and half at 300 W: 200 W, to a sample of 0.1 s at each step.
    expect(Math.abs((values.powerWatts ?? 0) - 200)).toBeLessThan(10);
    expect(values.powerWindowSeconds).toBeCloseTo(4, 9);
    expect(values.powerStandardErrorWatts).toBeGreaterThan(0);
    // A sample each 0.085 s to 0.1 s, and both ends.
    expect(values.samples?.length).toBeGreaterThanOrEqual(41);
    expect(values.samples?.at(0)?.atMs).toBe(9000);
  });

  it('begins anew after it was forgotten', () => {
    const reader = readerOf({ kind: 'part-time' });
    reader.read(9, false);
    reader.forget();
    expect(valuesOf(reader.read(13, false))).toMatchObject({ powerWatts: 100, powerWindowSeconds: 0 });
  });
});

describe('one sample a reading', () => {
  it('has no window', () => {
    expect(valuesOf(readerOf({ kind: 'instant' }).read(11.05, false))).toEqual({
      powerWatts: 300,
      powerWindowSeconds: 0,
      instantWatts: 300,
    });
  });
});

describe('random numbers', () => {
  it('are the same at every start, between 0 and 1, and about a half in the mean', () => {
    const take = (seed: number): readonly number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 1000 }, random);
    };
    expect(take(5)).toEqual(take(5));
    expect(take(5)).not.toEqual(take(6));
    expect(Math.min(...take(5))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...take(5))).toBeLessThan(1);
    // Standard error of the mean of 1000: 0.29 / √1000 = 0.009.
    expect(Math.abs(take(5).reduce((sum, x) => sum + x, 0) / 1000 - 0.5)).toBeLessThan(0.03);
  });
});
