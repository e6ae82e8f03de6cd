import { describe, expect, it } from 'vitest';
import type { Domain } from '../../shared/model/domain.ts';
import { exampleCpu, exampleDomainTotals, exampleGpu, exampleRun, exampleTotals } from '../../tests/examples.ts';
import type { RunDomainTotals } from '../store/records.ts';
import { createCalibrationBook, machineBasis } from './calibration-book.ts';
import { type RunAtWall, runWall } from './run-wall.ts';

const ends = { idleWatts: 10, fullWatts: 60 };
const parts = (source: string) => [{ domainId: 'cpu:0', source }];

/** A machine of 40 W on 70 W at the wall and of 120 W on 170 W: 1.25 x + 20 W. */
function bookOf(basis: string, atMs = 500_000) {
  const kept = new Map<string, unknown>();
  const book = createCalibrationBook({
    read: (key) => kept.get(key),
    write: (key, value) => void kept.set(key, value),
  });
  const reading = { atMs, basis, meterName: 'desk', error: { lowRatio: 0.98, highRatio: 1.02, offsetWatts: 1 } };
  book.add([
    { ...reading, kind: 'idle', wallWatts: 70, machineWatts: 40 },
    { ...reading, kind: 'load', wallWatts: 170, machineWatts: 120 },
  ]);
  return book;
}

const own = (domain: Partial<Domain>, totals: Partial<RunDomainTotals>) => ({
  domain: exampleCpu({ source: 'rapl', ...domain }),
  totals: exampleDomainTotals({ coveredSeconds: 100, ...totals }),
});
const plug = (totals: Partial<RunDomainTotals>, index = 0) => ({
  domain: exampleGpu({ id: index === 0 ? 'wall:desk' : `wall:desk${index}`, kind: 'wall', index }),
  totals: exampleDomainTotals({
    joules: 12_000,
    lowJoules: 11_700,
    highJoules: 12_300,
    coveredSeconds: 100,
    ...totals,
  }),
});
/** 100 s from second 1000 at a mean of 80 W. */
const run = (change: Partial<RunAtWall> = {}): RunAtWall => ({
  record: exampleRun({ status: 'finished', durationSeconds: 100, startedMs: 1_000_000, endedMs: 1_100_000 }),
  totals: exampleTotals({ machineJoules: 8000, coverage: 1 }),
  domains: [own({}, { joules: 8000 })],
  ...change,
});
const none = { book: bookOf('another'), ends: null };
const rapl = { book: bookOf(machineBasis(parts('rapl'), null)), ends: null };

describe('runWall', () => {
  it('is what the meter counted over the run, whoever used it', () =>
    expect(runWall(run({ domains: [own({}, {}), plug({})] }), rapl)).toEqual({
      joules: 12_000,
      lowJoules: 11_700,
      highJoules: 12_300,
      isMeasured: true,
      meter: 'desk',
      coverage: 1,
    }));

  it('is the calibrated line at the mean power, over the run', () => {
    const wall = runWall(run(), rapl);
    // 1.25 x 80 + 20 = 120 W for 100 s. Two readings: 10 % of 120 W; the meter's 2 % and 1 W: 120 x 0.98 - 1 - 12 = 104.6, 120 x 1.02 + 1 + 12 = 135.4 W.
    expect(wall).toEqual({
      joules: expect.closeTo(12_000, 6),
      lowJoules: expect.closeTo(10_460, 6),
      highJoules: expect.closeTo(13_540, 6),
      isMeasured: false,
      meter: null,
      coverage: 1,
    });
  });

  it('reaches up by what the machine may have drawn while nothing was read', () => {
    const totals = exampleTotals({ machineJoules: 8000, coverage: 0.8 });
    const seen = run({ totals, domains: [own({}, { joules: 8000, coveredSeconds: 80, peakWatts: 150 })] });
    const wall = runWall(seen, rapl);
    // 20 s at 150 W more are 11 kJ, 110 W: 157.5 W at the wall, x 1.02 + 1 + 15.75 = 177.4 W.
    expect(wall?.highJoules).toBeCloseTo((157.5 * 1.02 + 1 + 15.75) * 100, 6);
    expect(wall?.lowJoules).toBeCloseTo(10_460, 6);
    expect(wall?.coverage).toBe(0.8);
  });

  it('goes by the line where a meter saw too little of the run, and by the meter where there is no line', () => {
    const domains = [own({}, { joules: 8000 }), plug({ coveredSeconds: 50, peakWatts: 250 })];
    expect(runWall(run({ domains }), rapl)).toMatchObject({ isMeasured: false });
    // 50 s of at most 250 W were not seen.
    expect(runWall(run({ domains }), none)).toMatchObject({ isMeasured: true, coverage: 0.5, highJoules: 24_800 });
  });

  it('takes the first meter of the settings', () =>
    expect(runWall(run({ domains: [plug({}, 2), plug({}, 1)] }), none)?.meter).toBe('desk1'));

  it('is nothing for another sum of the machine, for no energy and for no time', () => {
    expect(runWall(run(), none)).toBeNull();
    expect(runWall(run({ totals: exampleTotals() }), rapl)).toBeNull();
    expect(runWall(run({ record: exampleRun({ durationSeconds: 0 }) }), rapl)).toBeNull();
  });

  it('says nothing of a run from before the CPU model had the ends that its line was found with', () => {
    const modelled = run({ domains: [own({ source: 'cpu-model' }, { joules: 8000 })] });
    const basis = machineBasis(parts('cpu-model'), ends);
    expect(runWall(modelled, { book: bookOf(basis, 999_999), ends })).not.toBeNull();
    expect(runWall(modelled, { book: bookOf(basis, 1_000_001), ends })).toBeNull();
  });
});
