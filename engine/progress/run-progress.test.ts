import { describe, expect, it } from 'vitest';
import { exampleGpu, exampleRun, exampleTotals, markEntry } from '../../tests/examples.ts';
import type { MarkRecord, RunDomainTotals } from '../store/records.ts';
import type { ProgressInput } from './moment.ts';
import { runProgress } from './run-progress.ts';

/** A run of 100 s at 10 W, 1000 J ± 5 %, all of one GPU. */
const totals: RunDomainTotals = {
  joules: 1000,
  lowJoules: 950,
  highJoules: 1050,
  runJoules: 1000,
  runLowJoules: 950,
  runHighJoules: 1050,
  coveredSeconds: 100,
  varianceJoules2: 0,
  counterJoules: 0,
  samplesJoules: 0,
  heldBackSeconds: {},
  peakWatts: 12,
  byProvenance: { counter: 1000 },
  bySplit: { whole: 1000 },
  utilizationSum: 0,
  utilizationCount: 0,
  peakMemoryUsedBytes: null,
  peakTemperatureCelsius: null,
  accountedToMs: null,
  unreadWatts: null,
  accountedCounter: null,
};
const startMs = 1_000_000;

/** A mark so many seconds after the start, with the joules of 10 W. */
function mark(seconds: number, kind: string, value: number | null, change: Partial<MarkRecord> = {}): MarkRecord {
  const joules = seconds * 10;
  const { mark: told } = markEntry('a', { atMs: startMs + seconds * 1000, kind, value });
  const point = {
    joules,
    lowJoules: joules * 0.95,
    highJoules: joules * 1.05,
    varianceJoules2: 0,
    cutJoules2: 1,
    periodSeconds: 1,
  };
  return { ...told, joules, point, ...change };
}

const report = (marks: readonly MarkRecord[], change: Partial<ProgressInput> = {}) =>
  runProgress(
    {
      record: exampleRun({ status: 'finished', startedMs: startMs, endedMs: startMs + 100_000, durationSeconds: 100 }),
      totals: exampleTotals({ totalJoules: 1000, lowJoules: 950, highJoules: 1050 }),
      domains: [{ domain: exampleGpu(), totals }],
      gaps: [],
      marks,
      ...change,
    },
    startMs + 100_000,
  );

describe('counts that are none', () => {
  it('are passed over: below zero, and beyond what a number holds exactly', () => {
    const said = [mark(10, 'step', 0), mark(20, 'step', 1e308), mark(30, 'step', -5), mark(90, 'step', 80)];
    expect(report(said).progress.steps).toMatchObject({ count: 80, joulesEach: 10 });
    expect(report([mark(10, 'step', 1e300)]).progress.steps).toBeNull();
  });
});

describe('epochs of a run', () => {
  const marks = [mark(10, 'epoch', 0), mark(40, 'epoch', 1), mark(70, 'epoch', 2), mark(95, 'epoch', 3)];

  it('are its parts between the marks, and with what lies around them the whole of it', () => {
    const { epochs, progress } = report(marks);
    expect(epochs.map(({ index, joules, seconds }) => [index, joules, seconds])).toEqual([
      [null, 100, 10],
      [1, 300, 30],
      [2, 300, 30],
      [3, 250, 25],
      [null, 50, 5],
    ]);
    expect(epochs.reduce((sum, epoch) => sum + (epoch.joules ?? 0), 0)).toBe(1000);
    // 850 J in three.
    expect(progress.epochs).toMatchObject({ count: 3, isShort: false });
    expect(progress.epochs?.joulesEach).toBeCloseTo(850 / 3, 9);
  });

  it('are as sure as the sensor, the cuts at both ends in quadrature, and no surer', () => {
    // 300 J ± 5 % and twice the root of 1 J² + 1 J².
    const [, first] = report(marks).epochs;
    expect(first?.lowJoules).toBeCloseTo(285 - 2 * Math.SQRT2, 9);
    expect(first?.highJoules).toBeCloseTo(315 + 2 * Math.SQRT2, 9);
  });

  it('begin with the run where nothing says when', () => {
    const { epochs } = report(marks.slice(1));
    expect(epochs.map(({ index, joules }) => [index, joules])).toEqual([
      [1, 400],
      [2, 300],
      [3, 250],
      [null, 50],
    ]);
  });

  it('that have a gap in them say how much was seen, and may have drawn the most in it', () => {
    const gap = {
      domainId: 'gpu:GPU-0',
      fromMs: startMs + 50_000,
      toMs: startMs + 56_000,
      reason: 'lost' as const,
      isBridged: false,
    };
    const [, first, second] = report(marks, { gaps: [gap] }).epochs;
    expect(first?.coverage).toBe(1);
    // 6 of 30 s.
    expect(second?.coverage).toBeCloseTo(0.8, 9);
    // 6 s at 12 W more.
    expect(second?.highJoules).toBeCloseTo(315 + 2 * Math.SQRT2 + 72, 9);
  });

  it('that are shorter than three readings are said to be', () => {
    const quick = [mark(10, 'epoch', 0), mark(12, 'epoch', 1), mark(16, 'epoch', 2)];
    expect(report(quick).epochs.map(({ index, isShort }) => [index, isShort])).toEqual([
      [null, false],
      [1, true],
      [2, false],
      [null, false],
    ]);
  });

  it('count whole ones only, and name the one that is not done', () => {
    const record = exampleRun({ status: 'interrupted', startedMs: startMs, endedMs: startMs + 100_000 });
    const part = [mark(20, 'epoch', 0.5), mark(40, 'epoch', 1), mark(60, 'epoch', 1.5), mark(60, 'step', 30)];
    const { epochs, progress } = report(
      [...part, mark(40, 'step', 20)].sort((a, b) => a.atMs - b.atMs),
      { record },
    );
    expect(epochs.map(({ index, isDone, steps }) => [index, isDone, steps])).toEqual([
      [1, true, 20],
      [2, false, 10],
    ]);
    expect(progress.epochs?.count).toBe(1);
  });

  it('have their own steps where those begin anew in each, and none is under way after the last', () => {
    // 200 steps an epoch, told at each tenth second.
    const told = [1, 2, 3].flatMap((epoch) => [
      ...[100, 200].map((step, i) => mark(epoch * 30 - 20 + i * 10, 'step', step, { epoch })),
      mark(epoch * 30 - 10, 'epoch', epoch, { step: 200 }),
    ]);
    const { epochs } = report(told);
    expect(epochs.map(({ index, steps }) => [index, steps])).toEqual([
      [1, 200],
      [2, 200],
      [3, 200],
      [null, null],
    ]);
  });

  it('may say their number in words alone, or be counted', () => {
    const named = [mark(40, 'epoch', null, { label: 'epoch 1' }), mark(70, 'epoch', null, { label: 'epoch 2' })];
    expect(report(named).progress.epochs?.count).toBe(2);
    const nameless = [mark(40, 'epoch', null), mark(70, 'epoch', null), mark(90, 'epoch', null)];
    expect(report(nameless).progress.epochs?.count).toBe(3);
  });
});

describe('what was counted', () => {
  it('is from the beginning of the training to the last mark', () => {
    const { progress } = report([
      mark(10, 'step', 0),
      mark(50, 'step', 200),
      mark(90, 'step', 400),
      mark(90, 'tokens', 8000),
    ]);
    // 800 J in 400 steps and 8000 tokens.
    expect(progress.steps).toMatchObject({ count: 400, joulesEach: 2 });
    expect(progress.tokens).toMatchObject({ count: 8000, joulesEach: 0.1 });
    expect(progress.samples).toBeNull();
  });

  it('of a training that was resumed is what this run did', () => {
    const { progress } = report([mark(10, 'step', 5001), mark(50, 'step', 5101), mark(90, 'step', 5201)]);
    // 800 J in 200 steps.
    expect(progress.steps).toMatchObject({ count: 200, joulesEach: 4 });
  });

  it('of epochs is every one that was ended here, where the first that is told is a later one', () => {
    const told = [5, 6, 7].map((epoch, i) => mark(30 + 30 * i, 'epoch', epoch));
    const { progress, epochs } = report(told);
    // The first of three began with the run: 900 J.
    expect(progress.epochs).toMatchObject({ count: 3, joulesEach: 300 });
    expect(epochs.map(({ index, joules }) => [index, joules])).toEqual([
      [5, 300],
      [6, 300],
      [7, 300],
      [null, 100],
    ]);
    // Ten are told at once of a training that tells every tenth.
    expect(report([mark(30, 'epoch', 10), mark(60, 'epoch', 20)]).progress.epochs?.count).toBe(20);
  });

  it('begins at a mark of what was done before a step was done here', () => {
    const { progress, epochs } = report([mark(10, 'epoch', 1, { step: 0 }), mark(60, 'epoch', 2, { step: 100 })]);
    expect(progress.epochs).toMatchObject({ count: 1, joulesEach: 500 });
    expect(epochs.map(({ index }) => index)).toEqual([null, 2, null]);
  });

  it('goes on where a count begins anew, and passes over one that comes late', () => {
    const told = [
      mark(10, 'step', 50),
      mark(20, 'step', 100),
      mark(21, 'step', 99),
      mark(30, 'step', 10),
      mark(40, 'step', 60),
    ];
    expect(report(told).progress.steps?.count).toBe(160);
  });

  it('goes on with a second training, be it of one epoch', () => {
    const two = [1, 2, 1, 2].map((epoch, i) => mark(20 * (i + 1), 'epoch', epoch));
    expect(report(two).progress.epochs?.count).toBe(4);
    // Steps that begin anew tell one epoch from the same said twice.
    const trials = [0, 1, 2].flatMap((trial) => [
      ...[10, 50, 100].map((step, i) => mark(trial * 30 + 5 + 5 * i, 'step', step)),
      mark(trial * 30 + 16, 'epoch', 1),
      mark(trial * 30 + 17, 'epoch', 1),
    ]);
    expect(report(trials).progress.epochs?.count).toBe(3);
  });

  it('by a file once an epoch is no step, where steps are printed', () => {
    // Three epochs of 100 steps, each written as one.
    const told = [1, 2, 3].flatMap((epoch) => [
      mark(epoch * 30, 'step', epoch * 100, { source: 'log:generic' }),
      mark(epoch * 30, 'epoch', epoch, { source: 'log:generic' }),
      mark(epoch * 30, 'step', epoch, { source: 'file:tensorboard' }),
    ]);
    expect(report(told).progress.steps).toMatchObject({ count: 300, source: 'log:generic' });
    const unprinted = told.filter(({ kind, source }) => kind === 'epoch' || source !== 'log:generic');
    expect(report(unprinted).progress.steps).toMatchObject({ count: 3, source: 'file:tensorboard' });
    // One epoch of 300 steps, of which every hundredth is printed.
    const within = told.map((one) => (one.source === 'log:generic' ? one : { ...one, value: (one.value ?? 0) * 100 }));
    expect(report(within).progress.steps).toMatchObject({ count: 300, source: 'file:tensorboard' });
  });

  it('by several is told by the best of them, and which', () => {
    const told = [
      mark(10, 'step', 9, { source: 'log:generic' }),
      mark(20, 'step', 100, { source: 'log:tqdm' }),
      mark(30, 'step', 90, { source: 'file:tensorboard' }),
    ];
    expect(report(told).progress.steps).toMatchObject({ count: 100, source: 'log:tqdm' });
    const withOwn = [...told, mark(40, 'step', 120, { source: 'api' })];
    expect(report(withOwn).progress.steps).toMatchObject({ count: 120, source: 'api' });
  });
});

describe('named windows', () => {
  const bound = (seconds: number, kind: string, windowId: string, label = 'forward') =>
    mark(seconds, kind, null, { windowId, label });

  it('are summed by their name, nested and overlapping ones too', () => {
    const { windows } = report([
      bound(10, 'window-begin', 'a'),
      bound(12, 'window-begin', 'x', 'attention'),
      bound(14, 'window-end', 'x', 'attention'),
      bound(20, 'window-end', 'a'),
      bound(30, 'window-begin', 'b'),
      bound(35, 'window-begin', 'c'),
      bound(50, 'window-end', 'b'),
      bound(55, 'window-end', 'c'),
      bound(60, 'window-begin', 'never ended'),
    ]);
    expect(windows.find(({ name }) => name === 'forward')).toMatchObject({
      count: 3,
      seconds: 50,
      joules: 500,
      isShort: false,
    });
    expect(windows.find(({ name }) => name === 'attention')).toMatchObject({
      count: 1,
      seconds: 2,
      joules: 20,
      isShort: true,
    });
  });
});

it('has nothing to say of a run without marks, and no energy where none was measured', () => {
  expect(report([])).toEqual({
    progress: { steps: null, epochs: null, samples: null, tokens: null },
    epochs: [],
    windows: [],
  });
  const unmeasured = report([mark(40, 'epoch', 1, { joules: null, point: null })], {
    totals: exampleTotals({ totalJoules: null, lowJoules: null, highJoules: null }),
    domains: [],
  });
  expect(unmeasured.epochs[0]).toMatchObject({ index: 1, joules: null, coverage: 0 });
});
