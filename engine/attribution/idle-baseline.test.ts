import { describe, expect, it } from 'vitest';
import { type IdleBaseline, idleDrawOf, knownIdleWatts, learnIdle, unknownIdle } from './idle-baseline.ts';

/** Takes a second of each power in: idle ones as numbers, busy ones as null. */
const learn = (seconds: readonly (number | null)[]): IdleBaseline =>
  seconds.reduce<IdleBaseline>(
    (idle, watts) => learnIdle(idle, { watts: watts ?? 300, seconds: 1, isIdle: watts !== null }),
    unknownIdle,
  );
const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value);

describe('a device’s idle draw', () => {
  it('is not known of a device that was never seen idle', () =>
    expect(knownIdleWatts(learn(times(60, null)))).toBeNull());

  it('is guessed as the lowest seen, until it has been learned', () => {
    expect(knownIdleWatts(learn([90]))).toBeNull();
    expect(knownIdleWatts(learn([90, 80, 85, 70, 75]))).toBe(70);
    expect(knownIdleWatts(learn([90, 80, null, null]))).toBe(90);
  });

  it('is not guessed by the last second before work: it may have begun in it', () =>
    expect(knownIdleWatts(learn([300, null, 40, 200, null]))).toBe(40));

  it('is the mean over ten seconds once ten more have let it settle', () => {
    const settled = learn([...times(10, 120), ...times(5, 58), ...times(5, 62)]);
    expect(settled.idleWatts).toBeCloseTo(60, 9);
    expect(knownIdleWatts(settled)).toBeCloseTo(60, 9);
  });

  it('counts of an interval that reaches over the end of settling what lies beyond it', () => {
    // 60 W all the while, wherever the readings and a hang of 9 s fall.
    const [short, hang] = [0.3, 9];
    const steps = [short, hang, ...times(20, 1.003)].map((seconds) => ({ watts: 60, seconds, isIdle: true }));
    expect(steps.reduce(learnIdle, unknownIdle).idleWatts).toBeCloseTo(60, 9);
    const crossing = [...times(9, 120), 120, ...times(10, 60)].map((watts, i) => ({
      watts,
      // The tenth lasts until 12 s, of which two are beyond: (2 · 120 + 8 · 60) / 10 are 72 W.
      seconds: i === 9 ? 3 : 1,
      isIdle: true,
    }));
    expect(crossing.slice(0, 18).reduce(learnIdle, unknownIdle).idleWatts).toBeCloseTo(72, 9);
  });

  it('falls at once to a lower mean, and rises slowly to a higher one', () => {
    const at = (later: number): number | null => learn([...times(20, 60), ...times(10, later)]).idleWatts;
    expect(at(40)).toBeCloseTo(40, 9);
    expect(at(80)).toBeCloseTo(62, 9);
  });
});

describe('the draw with nothing to do', () => {
  const question = {
    kind: 'gpu',
    saidWatts: null,
    learnedWatts: null,
    lowestWatts: 55,
    watts: 200,
    loadRatio: 0.5,
  } as const;

  it('is what the source says, else what was learned, and known then', () => {
    expect(idleDrawOf({ ...question, saidWatts: 30, learnedWatts: 40 })).toEqual({
      watts: 30,
      lowWatts: 30,
      highWatts: 30,
    });
    expect(idleDrawOf({ ...question, learnedWatts: 40 })).toEqual({ watts: 40, lowWatts: 40, highWatts: 40 });
  });

  it('is taken for nothing of a GPU that was never seen idle: its energy goes by use alone, and it may be all of the least that was seen', () =>
    expect(idleDrawOf(question)).toEqual({ watts: 0, lowWatts: 0, highWatts: 55 }));

  it('is a CPU’s share by its load: 0.12 of what is 0.12 + 0.9 × load of its TDP, and at least 3 % of what it would draw at full load', () => {
    const draw = idleDrawOf({ ...question, kind: 'cpu', lowestWatts: 90 });
    expect(draw.watts).toBeCloseTo((200 * 0.12) / 0.57, 9);
    // 200 W at half load are 0.03 + 0.97 / 2 of that.
    expect(draw.lowWatts).toBeCloseTo((200 * 0.03) / 0.515, 9);
    expect(draw.highWatts).toBe(90);
  });

  it('is never more than the least that was seen, and is nearly all where the load is next to nothing', () => {
    expect(idleDrawOf({ ...question, kind: 'cpu', lowestWatts: 20 }).watts).toBe(20);
    const { watts, lowWatts, highWatts } = idleDrawOf({ ...question, kind: 'cpu', lowestWatts: 200, loadRatio: 0.001 });
    expect([lowWatts, watts, highWatts]).toEqual([expect.closeTo(193.7, 1), expect.closeTo(198.5, 1), 200]);
  });

  it('is the least that was seen of memory, or less', () =>
    expect(idleDrawOf({ ...question, kind: 'dram', watts: 60 })).toEqual({
      watts: 55,
      lowWatts: expect.closeTo((60 * 0.1) / 0.55, 9),
      highWatts: 55,
    }));
});
