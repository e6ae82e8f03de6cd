import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CalibrationStatus, calibrationRequestSchema, calibrationSchema } from '../../shared/model/calibration.ts';
import { exampleCpu, exampleGpu, exampleReading } from '../../tests/examples.ts';
import { createFakeClock, type FakeClock } from '../clock/fake-clock.ts';
import { createDomainState, type DomainState } from '../measuring/domain-state.ts';
import { type CalibrationDesk, createCalibrationDesk } from './calibration-desk.ts';

const plugError = { lowRatio: 0.98, highRatio: 1.02, offsetWatts: 1 };

let clock: FakeClock;
let desk: CalibrationDesk;
let learned: Map<string, unknown>;
let told: CalibrationStatus[];
let isLoaded: boolean;
let isPlugged: boolean;
let blockedBy: 'simulated' | 'run' | null;
let source: string;
let log: string[];
let isBroken: boolean;
let restSeconds: number;

/** A CPU of 40 W at idle and 120 W under load, on a plug that says 70 and 170 W. */
function states(): readonly DomainState[] {
  const cpu = exampleCpu({ source });
  const plug = exampleGpu({ id: 'wall:desk', kind: 'wall', source: 'wall-meter' });
  const own = exampleReading(0, { domain: cpu, powerWatts: isLoaded ? 120 : 40, idleWatts: 40 });
  const wall = exampleReading(0, { domain: plug, powerWatts: isLoaded ? 170 : 70, error: plugError, restSeconds });
  return [own, ...(isPlugged ? [wall] : [])].map((reading) => ({ ...createDomainState(reading.domain, 0), reading }));
}

function open(): CalibrationDesk {
  return createCalibrationDesk({
    clock,
    learned: { read: (key) => learned.get(key), write: (key, value) => void learned.set(key, value) },
    states: () => {
      if (isBroken) throw new TypeError('a broken reader');
      return states();
    },
    createLoadMeter: () => () => (isLoaded ? 1 : 0.01),
    load: {
      start: async () => {
        isLoaded = true;
      },
      stop: async () => {
        isLoaded = false;
      },
    },
    blockedBy: () => blockedBy,
    onChanged: (status) => told.push(status),
    log: (message) => log.push(message),
  });
}

beforeEach(() => {
  clock = createFakeClock(1_700_000_000_000);
  learned = new Map();
  told = [];
  log = [];
  isBroken = false;
  restSeconds = 0;
  isLoaded = false;
  isPlugged = true;
  blockedBy = null;
  source = 'rapl';
  desk = open();
});
afterEach(async () => {
  await desk.close();
  expect(isLoaded).toBe(false);
});

async function pass(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    clock.advance(1000);
    // Whatever waits for promises alone is through after this.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
const start = (change: object = { meter: 'desk' }) =>
  desk.start(calibrationRequestSchema.parse({ meter: null, typed: null, ...change }));
const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'none';
};

describe('a calibration', () => {
  it('is refused with a meter that tells no power of now, only energy of a minute ago', async () => {
    restSeconds = 90;
    start();
    await pass(121);
    expect(desk.read().lastResult).toMatchObject({
      kind: 'refused',
      message: 'The wattmeter gave no reading for most of the time.',
    });
  });

  it('answers at once, tells how it goes, and leaves the line of this machine', async () => {
    expect(start()).toMatchObject({
      running: { phase: 'idle', progressRatio: 0, meter: 'desk' },
      blockedBy: 'running',
    });
    await pass(121);
    const status = desk.read();
    // 100 W at the wall over 80 W: 1.25; 70 - 1.25 x 40 = 20 W.
    expect(status).toMatchObject({
      running: null,
      blockedBy: null,
      lastResult: { kind: 'recorded', reason: null },
      line: { gainRatio: 1.25, offsetWatts: 20, residualWatts: null, readingCount: 2, meters: ['desk'] },
      lineProblem: null,
      cpuEnds: null,
      isCpuModelled: false,
    });
    // 70 W within 10 % and the meter's 2 % and 1 W: 70 x 0.98 - 1 - 7 and 70 x 1.02 + 1 + 7.
    expect(status.line?.atLeast.lowWatts).toBeCloseTo(60.6, 9);
    expect(status.line?.atLeast.highWatts).toBeCloseTo(79.4, 9);
    // The middle of the second minute.
    expect(status.line?.measuredAtMs).toBe(1_700_000_090_000);
    expect(told.some(({ running }) => running?.phase === 'load')).toBe(true);
    expect(told.at(-1)).toEqual(status);
    for (const each of told) expect(calibrationSchema.parse(each)).toEqual(each);
  });

  it('outlives the engine', async () => {
    start();
    await pass(121);
    expect(open().read()).toMatchObject({ line: { gainRatio: 1.25 }, lastResult: null, readingCount: 2 });
  });

  it('goes by numbers that were typed in, with a plug’s error of whatever make', async () => {
    isPlugged = false;
    start({ typed: { idleWatts: 70, loadWatts: 170 } });
    await pass(121);
    // 70 x 0.97 - 2 - 7.
    expect(desk.read().line).toMatchObject({
      gainRatio: 1.25,
      meters: [null],
      atLeast: { lowWatts: expect.closeTo(58.9, 9) },
    });
  });

  it('waits at the end of each minute for what a person reads', async () => {
    isPlugged = false;
    start({ isTypedLater: true });
    await pass(65);
    expect(desk.read().running).toMatchObject({ phase: 'idle', isReadingAwaited: true });
    desk.addTyped({ wallWatts: 70, kind: 'idle' });
    await pass(66);
    expect(desk.read().running).toMatchObject({ phase: 'load', isReadingAwaited: true });
    // As soon as it is known, and it may be typed again.
    expect(codeOf(() => desk.addTyped({ wallWatts: 70, kind: 'load' }))).toBe('calibration/no-rise');
    expect(desk.read().running).toMatchObject({ phase: 'load', isReadingAwaited: true });
    desk.addTyped({ wallWatts: 170, kind: 'load' });
    await pass(1);
    expect(desk.read()).toMatchObject({ lastResult: { kind: 'recorded' }, line: { gainRatio: 1.25 } });
  });

  it.each([
    [false, null],
    // 0.8 of the rise of 100 W, over the part of the curve between 1 % and full load, 1 - (0.02 - 0.01^1.4) = 0.9816: 40 + 81.5 W.
    [true, { idleWatts: 40, fullWatts: expect.closeTo(121.5, 1), isIdleMeasured: false }],
  ])('touches the ends of a modelled CPU only when asked: %j', async (isCpuAsked, cpuEnds) => {
    source = 'cpu-model';
    start({ meter: 'desk', isCpuAsked });
    await pass(121);
    expect(desk.read()).toMatchObject({ lastResult: { kind: 'recorded' }, isCpuModelled: true, cpuEnds });
  });

  it('is one at a time', async () => {
    start();
    expect(codeOf(start)).toBe('calibration/blocked');
    expect(codeOf(() => desk.clear())).toBe('calibration/blocked');
  });

  it('is refused in the demo, beside a run, and without a word of the wall', () => {
    for (blockedBy of ['simulated', 'run'] as const) {
      expect(codeOf(start)).toBe('calibration/blocked');
      expect(desk.read().blockedBy).toBe(blockedBy);
    }
    blockedBy = null;
    expect(codeOf(() => start({}))).toBe('calibration/no-meter');
    expect(codeOf(() => start({ meter: 'other' }))).toBe('calibration/no-meter');
    isPlugged = false;
    expect(codeOf(start)).toBe('calibration/no-meter');
    expect(codeOf(() => start({ typed: { idleWatts: 170, loadWatts: 70 } }))).toBe('calibration/no-rise');
    expect(told).toEqual([]);
  });

  it('gives way to a run that begins, with the load gone and nothing kept', async () => {
    start();
    await pass(90);
    expect(isLoaded).toBe(true);
    blockedBy = 'run';
    await pass(2);
    expect(isLoaded).toBe(false);
    expect(desk.read()).toMatchObject({
      running: null,
      lastResult: { kind: 'refused', reason: 'disturbed' },
      readingCount: 0,
    });
  });

  it('is cancelled with the load gone and nothing kept, and then can be begun again', async () => {
    start();
    await pass(90);
    const status = await desk.cancel();
    expect(status).toMatchObject({ running: null, lastResult: { kind: 'cancelled' }, readingCount: 0 });
    expect(isLoaded).toBe(false);
    expect(await desk.cancel()).toEqual(status);
    start();
    await pass(121);
    expect(desk.read().lastResult?.kind).toBe('recorded');
  });

  it('says so where something broke, and tells the log what', async () => {
    start();
    await pass(30);
    isBroken = true;
    await pass(1);
    isBroken = false;
    expect(desk.read()).toMatchObject({ running: null, lastResult: { kind: 'failed' }, readingCount: 0 });
    expect(log.join()).toContain('a broken reader');
  });

  it('says why it was refused', async () => {
    start();
    await pass(30);
    isPlugged = false;
    await pass(31);
    expect(desk.read().lastResult).toMatchObject({ kind: 'refused', reason: 'no-reading' });
  });

  it('does not mind a source that joins in the first seconds, which do not count', async () => {
    source = 'cpu-model';
    start();
    await pass(4);
    source = 'rapl';
    await pass(117);
    expect(desk.read()).toMatchObject({ lastResult: { kind: 'recorded' }, line: { gainRatio: 1.25 } });
  });

  it('keeps nothing where another source came to measure the machine meanwhile', async () => {
    start();
    await pass(30);
    source = 'cpu-model';
    await pass(91);
    expect(desk.read()).toMatchObject({ lastResult: { kind: 'refused' }, readingCount: 0 });
  });
});

describe('readings typed in by and by', () => {
  it('make a line with what is left over of them', () => {
    desk.addTyped({ wallWatts: 70, kind: 'idle' });
    expect(desk.read()).toMatchObject({
      line: null,
      lineProblem: expect.stringContaining('idle'),
      currentReadingCount: 1,
    });
    isLoaded = true;
    desk.addTyped({ wallWatts: 170, kind: 'load' });
    desk.addTyped({ wallWatts: 174, kind: 'load' });
    isLoaded = false;
    // Least squares go through 70 W and the mean of 170 and 174 W: 102 W over 80 W; the residuals are 0, -2 and 2: sqrt(8 / 1).
    expect(desk.read().line).toMatchObject({
      gainRatio: expect.closeTo(1.275, 9),
      residualWatts: expect.closeTo(Math.sqrt(8), 9),
    });
  });

  it('belong to the sum they were read beside', () => {
    desk.addTyped({ wallWatts: 70, kind: 'idle' });
    source = 'energy-meter';
    expect(desk.read()).toMatchObject({ readingCount: 1, currentReadingCount: 0, lineProblem: null });
  });

  it('are forgotten with the rest', async () => {
    start();
    await pass(121);
    expect(desk.clear()).toMatchObject({ line: null, readingCount: 0, lastResult: null, cpuEnds: null });
    expect(open().read().line).toBeNull();
  });
});

describe('the machine at the wall', () => {
  it('is measured while the plug answers, estimated when it is gone, and unknown for another sum', async () => {
    start();
    await pass(121);
    expect(desk.wallNow()).toMatchObject({ powerWatts: 70, isMeasured: true, meter: 'desk' });
    isPlugged = false;
    // 20 + 1.25 x 40.
    expect(desk.wallNow()).toMatchObject({ powerWatts: 70, lowWatts: expect.closeTo(60.6, 9), isMeasured: false });
    source = 'energy-meter';
    expect(desk.wallNow()).toBeNull();
  });
});
