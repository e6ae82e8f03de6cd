import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../clock/clock.ts';
import { awaitStep, type CounterConduct, learnLag, observeCounter, unknownConduct } from './energy-counter.ts';

/** `[atMs, millijoules, powerWatts]` in turn. */
const observeAll = (looks: readonly (readonly [number, number, number | null])[]): CounterConduct =>
  looks.reduce(
    (conduct, [atMs, millijoules, powerWatts]) => observeCounter(conduct, { atMs, millijoules, powerWatts }),
    unknownConduct,
  );

describe('observeCounter', () => {
  it('uses a counter from the first look, and knows it once it moved', () => {
    expect(observeAll([[0, 500, 200]])).toMatchObject({ isUsable: true, isProven: false });
    expect(
      observeAll([
        [0, 500, 200],
        [1000, 200_500, 200],
      ]),
    ).toMatchObject({ isUsable: true, isProven: true });
  });

  it('doubts one that never moved after half a second of more than 1 W', () => {
    const still = [
      [0, 500, 200],
      [100, 500, 200],
      [599, 500, 200],
    ] as const;
    expect(observeAll(still).isUsable).toBe(true);
    // Still since the look at 100 ms: 500 ms of it at 600 ms.
    expect(observeAll([...still, [600, 500, 200]]).isUsable).toBe(false);
    expect(observeAll([...still, [600, 500, 200], [700, 501, 200]])).toMatchObject({ isUsable: true, isProven: true });
  });

  it('gives one that did move 10 s', () => {
    const moved = [
      [0, 0, 200],
      [1000, 1, 200],
      [2000, 1, 200],
    ] as const;
    expect(observeAll([...moved, [11_999, 1, 200]]).isUsable).toBe(true);
    expect(observeAll([...moved, [12_000, 1, 200]]).isUsable).toBe(false);
  });

  it('does not believe one that stands still where no power is told: every board draws some', () => {
    const moved = [
      [0, 0, null],
      [1000, 1, null],
      [2000, 1, null],
    ] as const;
    expect(observeAll([...moved, [11_999, 1, null]]).isUsable).toBe(true);
    expect(observeAll([...moved, [12_000, 1, null]]).isUsable).toBe(false);
  });

  it.each([0, 1])('lets it stand still at a power of %s', (powerWatts) =>
    expect(
      observeAll([
        [0, 500, powerWatts],
        [60_000, 500, powerWatts],
        [120_000, 500, powerWatts],
      ]).isUsable,
    ).toBe(true),
  );

  it('takes one fall for a reset, a second one within a minute for a counter that does not count', () => {
    const reset = [
      [0, 1_000_000, 200],
      [1000, 50, 200],
    ] as const;
    expect(observeAll(reset).isUsable).toBe(true);
    const again = [...reset, [2000, 200_050, 200], [3000, 100, 200]] as const;
    expect(observeAll(again).isUsable).toBe(false);
    // Ten seconds of only forward movement mend its name.
    expect(observeAll([...again, [12_999, 2_000_000, 200]]).isUsable).toBe(false);
    expect(observeAll([...again, [12_999, 2_000_000, 200], [13_000, 2_000_200, 200]]).isUsable).toBe(true);
    expect(observeAll([...reset, [62_000, 9_000_000, 200], [63_000, 100, 200]]).isUsable).toBe(true);
  });

  it('always uses a counter that grows at every look', () => {
    const growth = fc.array(
      fc.record({ waitMs: fc.integer({ min: 1, max: 9000 }), more: fc.integer({ min: 1, max: 1e9 }) }),
    );
    fc.assert(
      fc.property(growth, fc.double({ min: 0, max: 1000, noNaN: true }), (steps, watts) => {
        let atMs = 0;
        let millijoules = 0;
        let conduct = unknownConduct;
        for (const { waitMs, more } of steps) {
          atMs += waitMs;
          millijoules += more;
          conduct = observeCounter(conduct, { atMs, millijoules, powerWatts: watts });
          expect(conduct.isUsable).toBe(true);
        }
      }),
    );
  });
});

/** A clock that a sleep moves on, and a counter of 1 mJ a millisecond that is renewed every `updateMs`. */
function createCounter(updateMs: number, startMs: number, lookMs = 0.2) {
  let nowMs = startMs;
  const clock: Clock = {
    monotonicMs: () => nowMs,
    unixMs: () => nowMs,
    async sleep(delayMs) {
      nowMs += delayMs;
    },
  };
  const look = async () => {
    nowMs += lookMs;
    const value = Math.floor(nowMs / updateMs) * updateMs;
    return { result: { kind: 'value', value } as const, atMs: nowMs };
  };
  return { clock, look };
}
const signal = new AbortController().signal;

describe('awaitStep', () => {
  it('gives the value at the step and the middle of the two looks around it', async () => {
    // Looks every 2.2 ms from 1030.2 on: the middle of the two around the step at 1050 is within 1.1 ms of it.
    const { clock, look } = createCounter(50, 1030);
    const step = await awaitStep(look, { clock, signal, limitMs: 130 });
    expect(step?.millijoules).toBe(1050);
    expect(Math.abs((step?.atMs ?? 0) - 1050)).toBeLessThanOrEqual(1.1 + 1e-9);
    expect(step?.gapSeconds).toBeCloseTo(0.0022, 9);
    expect(step?.waitedSeconds).toBeCloseTo(((step?.atMs ?? 0) - 1030.2) / 1000, 9);
  });

  it('gives up at the limit', async () => {
    const { clock, look } = createCounter(1000, 100);
    expect(await awaitStep(look, { clock, signal, limitMs: 130 })).toBeNull();
    expect(clock.monotonicMs()).toBeLessThan(100 + 130 + 5);
  });

  it('times the next step where the first lay between two looks far apart', async () => {
    const { clock, look } = createCounter(20, 1003);
    let looks = 0;
    // The second look comes 30 ms late and would leave the step's moment open by 32 ms.
    const late = async () => {
      if (++looks === 2) await clock.sleep(30);
      return look();
    };
    const step = await awaitStep(late, { clock, signal, limitMs: 130 });
    expect(step?.gapSeconds).toBeLessThan(0.004);
    expect(step?.millijoules).toBe(1040);
  });

  it('gives nothing where the counter cannot be read', async () => {
    const { clock } = createCounter(20, 0);
    const fails = async () => ({ result: { kind: 'code', code: 15 } as const, atMs: 0 });
    expect(await awaitStep(fails, { clock, signal, limitMs: 130 })).toBeNull();
  });

  it('is within half a polling gap of the true energy, whatever the phase', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 5, max: 100 }),
        fc.double({ min: 0, max: 1000, noNaN: true }),
        async (updateMs, startMs) => {
          const { clock, look } = createCounter(updateMs, startMs);
          const step = await awaitStep(look, { clock, signal, limitMs: 130 });
          // 1 mJ a millisecond: the value is the time of the step.
          expect(Math.abs((step?.millijoules ?? Number.NaN) - (step?.atMs ?? 0))).toBeLessThanOrEqual(1.1 + 1e-6);
        },
      ),
    );
  });
});

describe('learnLag', () => {
  it.each([20, 50, 100])('finds steps every %d ms', async (updateMs) => {
    const { clock, look } = createCounter(updateMs, 7);
    const lagSeconds = await learnLag(look, { clock, signal });
    expect(Math.abs((lagSeconds ?? 0) * 1000 - updateMs)).toBeLessThanOrEqual(2.3);
  });

  it('finds what steps tell, or nothing, where looks come late: never a multiple of it', async () => {
    for (const lateMs of [10, 30, 70])
      for (const every of [2, 3, 5]) {
        const { clock, look } = createCounter(50, 7);
        let looks = 0;
        const late = async () => {
          if (++looks % every === 0) await clock.sleep(lateMs);
          return look();
        };
        const lagSeconds = await learnLag(late, { clock, signal });
        if (lagSeconds !== null) expect(Math.abs(lagSeconds * 1000 - 50)).toBeLessThanOrEqual(12.5);
      }
    // A thread that is late once in a while is no reason to know nothing.
    const { clock, look } = createCounter(50, 7);
    let looks = 0;
    const late = async () => {
      if (++looks % 100 === 0) await clock.sleep(60);
      return look();
    };
    expect((await learnLag(late, { clock, signal })) ?? 0).toBeCloseTo(0.05, 2);
  });

  it('finds nothing where nothing steps', async () => {
    const { clock, look } = createCounter(10_000, 1);
    expect(await learnLag(look, { clock, signal })).toBeNull();
  });
});
