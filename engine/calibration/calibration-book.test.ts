import { describe, expect, it } from 'vitest';
import { readCpuCalibration } from '../sources/cpu-model/cpu-calibration.ts';
import type { LearnedFacts } from '../sources/source.ts';
import {
  createCalibrationBook,
  machineBasis,
  type TypedReading,
  unknownMeterError,
  wallCalibrationKey,
} from './calibration-book.ts';
import { cpuEndsFromPackage } from './cpu-ends.ts';
import type { PhaseMeans } from './phase-means.ts';
import { type FinishedCalibration, recordCalibration } from './record-calibration.ts';

/** Kept as the store keeps it: as JSON. */
function createLearned(first: Readonly<Record<string, unknown>> = {}): LearnedFacts {
  const kept = new Map(Object.entries(first).map(([key, value]) => [key, JSON.stringify(value)]));
  return {
    read: (key) => {
      const json = kept.get(key);
      return json === undefined ? undefined : JSON.parse(json);
    },
    write: (key, value) => void kept.set(key, JSON.stringify(value)),
  };
}

const typed = (change: Partial<TypedReading>): TypedReading => ({
  wallWatts: 100,
  machineWatts: 60,
  atMs: 1_700_000_000_000,
  kind: 'idle',
  basis: 'cpu:0=rapl',
  ...change,
});
const load = { wallWatts: 350, machineWatts: 260, kind: 'load' } as const;

describe('createCalibrationBook', () => {
  it('keeps what a person typed in, and fits a line to it in another life', () => {
    const learned = createLearned();
    createCalibrationBook(learned).addTypedReading(typed({}));
    createCalibrationBook(learned).addTypedReading(typed(load));
    const later = createCalibrationBook(learned);
    expect(later.readings()).toHaveLength(2);
    expect(later.readings()[0]?.meterName).toBeNull();
    // 250 W over 200 W.
    expect(later.wallLine('cpu:0=rapl')).toMatchObject({ kind: 'fitted', line: { gainRatio: 1.25, offsetWatts: 25 } });
  });

  it('fits readings of one sum of the machine alone', () => {
    const book = createCalibrationBook(createLearned());
    book.addTypedReading(typed({}));
    book.addTypedReading(typed({ ...load, basis: 'cpu:0=cpu-model' }));
    expect(book.wallLine('cpu:0=rapl')).toMatchObject({ reason: 'too-few' });
    expect(book.wallLine('cpu:0=cpu-model')).toMatchObject({ reason: 'too-few' });
  });

  it('refuses what is no power', () => {
    const book = createCalibrationBook(createLearned());
    for (const wallWatts of [-1, Number.NaN, Number.POSITIVE_INFINITY, 1e9])
      expect(() => book.addTypedReading(typed({ wallWatts }))).toThrow(RangeError);
    expect(book.readings()).toEqual([]);
  });

  it('keeps the newest hundred', () => {
    const book = createCalibrationBook(createLearned());
    for (let i = 0; i < 103; i++) book.addTypedReading(typed({ atMs: i }));
    expect(book.readings().map((reading) => reading.atMs)).toEqual(Array.from({ length: 100 }, (_, i) => i + 3));
  });

  it.each([[null], ['x'], [{ version: 2, readings: [] }], [{ version: 1, readings: [{ wallWatts: 'a' }] }]])(
    'takes %j, which it did not write, for nothing',
    (kept) => expect(createCalibrationBook(createLearned({ [wallCalibrationKey]: kept })).readings()).toEqual([]),
  );

  it('keeps that both ends were read of the package', () => {
    const learned = createLearned();
    const fit = cpuEndsFromPackage({ idleWatts: 12, fullWatts: 80 });
    if (fit.kind === 'refused') throw new Error(fit.message);
    createCalibrationBook(learned).writeCpuEnds(fit.ends);
    expect(readCpuCalibration(learned)).toEqual({ idleWatts: 12, fullWatts: 80, isIdleMeasured: true });
  });

  it('takes a reading that was kept without its meter’s error for one of a plug of whatever make', () => {
    const { error: _error, ...reading } = { ...typed({}), meterName: null, error: null };
    const learned = createLearned({ [wallCalibrationKey]: { version: 1, readings: [reading] } });
    expect(createCalibrationBook(learned).readings()).toEqual([{ ...reading, error: unknownMeterError }]);
  });

  it('forgets all of it', () => {
    const learned = createLearned();
    const book = createCalibrationBook(learned);
    book.addTypedReading(typed({}));
    book.writeCpuEnds({ idleWatts: 10, fullWatts: 60 });
    expect(readCpuCalibration(learned)).toEqual({ idleWatts: 10, fullWatts: 60 });
    book.clear();
    expect(book.readings()).toEqual([]);
    expect(readCpuCalibration(learned)).toBeNull();
  });
});

describe('machineBasis', () => {
  const parts = [
    { domainId: 'gpu:a', source: 'nvml' },
    { domainId: 'cpu:0', source: 'cpu-model' },
  ];
  it('is the same in any order, and another with other ends of the model', () => {
    expect(machineBasis(parts, null)).toBe('cpu:0=cpu-model;gpu:a=nvml');
    expect(machineBasis([...parts].reverse(), null)).toBe(machineBasis(parts, null));
    expect(machineBasis(parts, { idleWatts: 10, fullWatts: 60 })).toBe(
      'cpu:0=cpu-model;gpu:a=nvml;cpu-ends=10.00/60.00',
    );
  });
  it('does not mind the model where a counter measures the CPU', () =>
    expect(machineBasis([{ domainId: 'cpu:0', source: 'rapl' }], { idleWatts: 10, fullWatts: 60 })).toBe('cpu:0=rapl'));
});

describe('recordCalibration', () => {
  const means = (change: Partial<PhaseMeans>): PhaseMeans => ({
    atMs: 1_700_000_000_000,
    machineWatts: 40,
    machineStandardErrorWatts: 0.1,
    cpuWatts: 10,
    wallWatts: 70,
    wallStandardErrorWatts: 0.2,
    deviationWatts: 1,
    cpuLoadRatio: 0,
    ...change,
  });
  const finished = (change: Partial<FinishedCalibration> = {}): FinishedCalibration => ({
    idle: means({}),
    load: means({ machineWatts: 100, cpuWatts: 70, wallWatts: 170, cpuLoadRatio: 1 }),
    typed: null,
    meterName: 'desk',
    meterError: { lowRatio: 0.98, highRatio: 1.02, offsetWatts: 1 },
    isCpuAsked: true,
    parts: [
      { domainId: 'cpu:0', source: 'cpu-model' },
      { domainId: 'gpu:a', source: 'nvml' },
    ],
    endsBefore: null,
    cpuIdleWatts: 10,
    ...change,
  });

  it('leaves the CPU model alone unless that was asked for: then the line is that of the sum as it was', () => {
    const learned = createLearned();
    const book = createCalibrationBook(learned);
    const recorded = recordCalibration(book, finished({ isCpuAsked: false }));
    // 100 W at the wall over 60 W of the sum; 70 - 5/3 x 40 = 3.3 W.
    expect(recorded).toMatchObject({
      cpuEnds: null,
      cpuRefusal: null,
      wall: { line: { gainRatio: expect.closeTo(5 / 3, 9), offsetWatts: expect.closeTo(70 - (5 / 3) * 40, 9) } },
    });
    expect(readCpuCalibration(learned)).toBeNull();
  });

  it('keeps the error of the meter that was asked, and a plug’s of whatever make for what a person read', () => {
    const book = createCalibrationBook(createLearned());
    recordCalibration(book, finished({ isCpuAsked: false }));
    const basis = machineBasis(finished().parts, null);
    expect(book.calibrated(basis).meterError).toEqual({ lowRatio: 0.98, highRatio: 1.02, offsetWatts: 1 });
    book.addTypedReading(typed({ basis }));
    // The widest of both.
    expect(book.calibrated(basis)).toMatchObject({
      meterError: { lowRatio: 0.97, highRatio: 1.03, offsetWatts: 2 },
      fit: { kind: 'fitted', line: { pairCount: 3 } },
    });
  });

  it('gives the CPU model its ends and the wall its line on the new sum', () => {
    const learned = createLearned();
    const book = createCalibrationBook(learned);
    const recorded = recordCalibration(book, finished());
    // The wall rises by 100 W: 80 W of it the CPU's, 10 -> 90 W. The rest of the machine draws 30 W, so its sum goes from 40 to 120 W.
    // Line: 100 W over 80 W is 1.25; 70 - 1.25 x 40 = 20 W.
    expect(recorded).toMatchObject({ kind: 'recorded', cpuEnds: { idleWatts: 10, fullWatts: 90 }, cpuRefusal: null });
    expect(readCpuCalibration(learned)).toEqual({ idleWatts: 10, fullWatts: 90 });
    expect(book.readings().map((reading) => reading.machineWatts)).toEqual([40, 120]);
    expect(recorded.kind === 'recorded' ? recorded.wall : null).toMatchObject({
      kind: 'fitted',
      line: { gainRatio: 1.25, offsetWatts: 20 },
    });
    // What the machine will say from now on.
    const basis = machineBasis(finished().parts, { idleWatts: 10, fullWatts: 90 });
    expect(book.wallLine(basis).kind).toBe('fitted');
  });

  it('leaves a CPU that a counter measures alone', () => {
    const learned = createLearned();
    const book = createCalibrationBook(learned);
    const recorded = recordCalibration(book, finished({ parts: [{ domainId: 'cpu:0', source: 'rapl' }] }));
    // 100 W over 60 W.
    expect(recorded).toMatchObject({ cpuEnds: null, wall: { line: { gainRatio: expect.closeTo(5 / 3, 9) } } });
    expect(readCpuCalibration(learned)).toBeNull();
  });

  it('finds the same ends again the next time: idle does not creep up with the little load of it', () => {
    const learned = createLearned();
    const idle = means({ cpuLoadRatio: 0.03, cpuWatts: 14 });
    const recorded = recordCalibration(createCalibrationBook(learned), finished({ idle }));
    const endsBefore = readCpuCalibration(learned);
    const again = recordCalibration(createCalibrationBook(learned), finished({ idle, endsBefore }));
    expect(endsBefore).not.toBeNull();
    expect(again).toMatchObject({ cpuEnds: recorded.kind === 'recorded' ? recorded.cpuEnds : null });
  });

  it('does not put what a wall tells in the place of what was read of the package', () => {
    const learned = createLearned();
    const book = createCalibrationBook(learned);
    book.writeCpuEnds({ idleWatts: 12, fullWatts: 80, isIdleMeasured: true });
    const recorded = recordCalibration(book, finished({ endsBefore: readCpuCalibration(learned) }));
    expect(recorded).toMatchObject({ cpuEnds: null, cpuRefusal: null, wall: { kind: 'fitted' } });
    expect(readCpuCalibration(learned)).toEqual({ idleWatts: 12, fullWatts: 80, isIdleMeasured: true });
  });

  it('takes what was typed in before what a meter says', () => {
    const book = createCalibrationBook(createLearned());
    recordCalibration(book, finished({ typed: { idleWatts: 80, loadWatts: 200 } }));
    expect(book.readings().map(({ wallWatts, meterName }) => [wallWatts, meterName])).toEqual([
      [80, null],
      [200, null],
    ]);
  });

  it('refuses without a word of the wall, and keeps nothing', () => {
    const book = createCalibrationBook(createLearned());
    expect(recordCalibration(book, finished({ idle: means({ wallWatts: null }) })).kind).toBe('refused');
    expect(book.readings()).toEqual([]);
  });

  it('says why the CPU has no ends where the wall did not rise', () => {
    const learned = createLearned();
    const flat = finished({ typed: { idleWatts: 70, loadWatts: 71 } });
    expect(recordCalibration(createCalibrationBook(learned), flat)).toMatchObject({
      cpuEnds: null,
      cpuRefusal: expect.stringContaining('too little'),
      wall: { kind: 'refused' },
    });
    expect(readCpuCalibration(learned)).toBeNull();
  });
});
