import { describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../clock/fake-clock.ts';
import type { CpuLoad } from './cpu-load.ts';
import {
  type Calibration,
  type CalibrationOptions,
  type CalibrationOutcome,
  type CalibrationState,
  createCalibration,
} from './run-calibration.ts';

interface World {
  readonly clock: FakeClock;
  readonly calibration: Calibration;
  readonly states: readonly CalibrationState[];
  readonly isLoaded: () => boolean;
  readonly starts: () => number;
  /** Runs it, a second at a time. */
  readonly finish: (each?: (second: number) => void, signal?: AbortSignal) => Promise<CalibrationOutcome>;
}

/** A machine of 50 W at idle and 150 W under load, on a meter that says 80 and 200 W. */
function createWorld(
  change: (isLoaded: () => boolean, clock: FakeClock) => Partial<CalibrationOptions> = () => ({}),
): World {
  const clock = createFakeClock(1_700_000_000_000, 0);
  let isLoaded = false;
  let starts = 0;
  const load: CpuLoad = {
    start: async () => {
      starts++;
      isLoaded = true;
    },
    stop: async () => {
      isLoaded = false;
    },
  };
  const states: CalibrationState[] = [];
  const calibration = createCalibration({
    clock,
    readMachineWatts: () => (isLoaded ? 150 : 50),
    readCpuWatts: () => (isLoaded ? 110 : 10),
    readWallWatts: () => (isLoaded ? 200 : 80),
    readCpuLoadRatio: () => (isLoaded ? 1 : 0.01),
    load,
    onChange: (state) => states.push(state),
    ...change(() => isLoaded, clock),
  });
  const finish: World['finish'] = async (each = () => {}, signal = new AbortController().signal) => {
    let outcome: CalibrationOutcome | null = null;
    let failure: unknown = null;
    calibration.run(signal).then(
      (value) => {
        outcome = value;
      },
      (error: unknown) => {
        failure = error;
      },
    );
    for (let second = 0; second < 400 && outcome === null && failure === null; second++) {
      each(second);
      clock.advance(1000);
      // Whatever waits for promises alone is through after this.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (failure !== null) throw failure;
    if (outcome === null) throw new Error('it did not end');
    return outcome;
  };
  return { clock, calibration, states, isLoaded: () => isLoaded, starts: () => starts, finish };
}

describe('createCalibration', () => {
  it('takes the means of a minute of idle and a minute of load', async () => {
    const world = createWorld();
    const outcome = await world.finish();
    expect(outcome).toMatchObject({
      kind: 'done',
      idle: {
        machineWatts: 50,
        cpuWatts: 10,
        wallWatts: 80,
        machineStandardErrorWatts: 0,
        cpuLoadRatio: expect.closeTo(0.01, 9),
      },
      load: { machineWatts: 150, cpuWatts: 110, wallWatts: 200, wallStandardErrorWatts: 0 },
    });
    // The middles of the two minutes.
    expect(outcome.kind === 'done' ? [outcome.idle.atMs, outcome.load.atMs] : null).toEqual([
      1_700_000_030_000, 1_700_000_090_000,
    ]);
    expect(world.clock.monotonicMs()).toBe(120_000);
    expect([world.isLoaded(), world.starts()]).toEqual([false, 1]);
  });

  it('tells how far it is', async () => {
    const world = createWorld();
    await world.finish();
    const progress = world.states.map((state) => state.progressRatio);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    // 1 s of 120 s; the idle minute's end; the whole.
    expect(progress[0]).toBeCloseTo(1 / 120, 9);
    expect(world.states[59]).toMatchObject({ phase: 'idle', progressRatio: 0.5, wallWatts: 80 });
    expect(world.states.at(-1)).toMatchObject({ phase: null, progressRatio: 1 });
  });

  it('gives the standard error of what wavers, and leaves out the first seconds of a phase', async () => {
    let second = 0;
    const world = createWorld(() => ({
      // 500 W in the first 5 s, then 78 and 82 W in turn.
      readWallWatts: () => (second < 5 ? 500 : second < 60 ? 78 + (second % 2) * 4 : 200),
    }));
    const outcome = await world.finish((now) => {
      second = now;
    });
    if (outcome.kind !== 'done') throw new Error(outcome.kind);
    // Seconds 6 to 60 are 55 samples, 28 of them 82 and 27 of them 78: mean 80.036; deviation 2.018; over sqrt(55): 0.2721 W.
    expect(outcome.idle.wallWatts).toBeCloseTo((28 * 82 + 27 * 78) / 55, 6);
    expect(outcome.idle.wallStandardErrorWatts).toBeCloseTo(0.2721, 3);
  });

  it('goes without a meter where a person reads it', async () => {
    const outcome = await createWorld(() => ({ readWallWatts: null })).finish();
    expect(outcome).toMatchObject({ kind: 'done', idle: { wallWatts: null, wallStandardErrorWatts: null } });
  });

  it.each<[string, (isLoaded: () => boolean, clock: FakeClock) => Partial<CalibrationOptions>]>([
    ['not-idle', () => ({ readCpuLoadRatio: () => 0.06 })],
    ['unsteady', (_isLoaded, clock) => ({ readWallWatts: () => ((clock.monotonicMs() / 1000) % 10 < 5 ? 60 : 100) })],
    ['no-reading', () => ({ readMachineWatts: () => null })],
    ['no-reading', () => ({ readWallWatts: () => null })],
  ])('refuses an idle that is %s, before it loads anything', async (reason, change) => {
    const world = createWorld(change);
    expect(await world.finish()).toMatchObject({ kind: 'refused', reason });
    expect(world.starts()).toBe(0);
  });

  it.each<[string, (isLoaded: () => boolean) => Partial<CalibrationOptions>]>([
    ['not-loaded', (isLoaded) => ({ readCpuLoadRatio: () => (isLoaded() ? 0.5 : 0.01) })],
    ['no-rise', () => ({ readWallWatts: () => 80 })],
    ['load-failed', () => ({ load: { start: () => Promise.reject(new Error('no thread')), stop: async () => {} } })],
  ])('refuses a load that is %s, and leaves none behind', async (reason, change) => {
    const world = createWorld(change);
    expect(await world.finish()).toMatchObject({ kind: 'refused', reason });
    expect(world.isLoaded()).toBe(false);
  });

  it('goes on with a phase until its reading is typed in, under the same load', async () => {
    let typed: readonly string[] = [];
    const world = createWorld(() => ({ readWallWatts: null, isReadingAwaited: (phase) => !typed.includes(phase) }));
    // Idle is read after 70 s, the load 40 s into its minute: 70 + 60 s in all.
    const outcome = await world.finish((second) => {
      if (second === 69) typed = ['idle'];
      if (second === 109) typed = ['idle', 'load'];
    });
    expect(outcome.kind).toBe('done');
    expect(world.clock.monotonicMs()).toBe(130_000);
    // Seconds 60 to 69 wait; the 70th sees the reading.
    expect(world.states.filter((state) => state.isReadingAwaited)).toHaveLength(10);
    expect(world.states[64]).toMatchObject({ phase: 'idle', progressRatio: 0.5, isReadingAwaited: true });
    expect(world.states.at(-1)).toMatchObject({ phase: null, isReadingAwaited: false });
  });

  it('gives up two minutes after a phase whose reading nobody typed in, with the load gone', async () => {
    const world = createWorld(() => ({ readWallWatts: null, isReadingAwaited: (phase) => phase === 'load' }));
    expect(await world.finish()).toMatchObject({ kind: 'refused', reason: 'no-reading' });
    expect(world.isLoaded()).toBe(false);
    // 60 s of idle, 60 s of load, 120 s of waiting and the second in which that was over.
    expect(world.clock.monotonicMs()).toBe(241_000);
  });

  it('keeps to other lengths where they are given', async () => {
    const schedule = { phaseSeconds: 30, settleSeconds: { idle: 2, load: 2 }, stepSeconds: 1 };
    const world = createWorld(() => ({ schedule }));
    expect((await world.finish()).kind).toBe('done');
    expect(world.clock.monotonicMs()).toBe(60_000);
  });

  it('refuses a minute that the machine slept through', async () => {
    const world = createWorld();
    const outcome = await world.finish((second) => {
      if (second === 10) world.clock.advance(600_000);
    });
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'no-reading' });
  });

  it.each([10, 90])('ends at once when it is cancelled in second %i, with the load gone', async (at) => {
    const world = createWorld();
    const abort = new AbortController();
    const outcome = await world.finish((second) => {
      if (second === at) abort.abort();
    }, abort.signal);
    expect(outcome).toEqual({ kind: 'cancelled' });
    expect(world.isLoaded()).toBe(false);
    expect(world.clock.monotonicMs()).toBe((at + 1) * 1000);
  });

  it('lets no bug of a reader leave the load running, and can be run again', async () => {
    let isBroken = true;
    const world = createWorld((isLoaded) => ({
      readMachineWatts: () => {
        if (isLoaded() && isBroken) throw new TypeError('a bug');
        return isLoaded() ? 150 : 50;
      },
    }));
    await expect(world.finish()).rejects.toThrow('a bug');
    expect(world.isLoaded()).toBe(false);
    isBroken = false;
    expect((await world.finish()).kind).toBe('done');
  });

  it('runs once at a time', async () => {
    const world = createWorld();
    const abort = new AbortController();
    const first = world.calibration.run(abort.signal);
    await expect(world.calibration.run(abort.signal)).rejects.toThrow(RangeError);
    abort.abort();
    expect(await first).toEqual({ kind: 'cancelled' });
  });
});
