import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Interval } from '../energy/interval.ts';
import { attributeInterval, type DomainUse, type RunUse } from './attribute.ts';
import type { IdleDraw } from './idle-baseline.ts';

const interval = (joules: number, fromMs = 0, toMs = 1000): Interval => ({
  domainId: 'gpu:1',
  fromMs,
  toMs,
  joules,
  lowJoules: joules * 0.9,
  highJoules: joules * 1.1,
  varianceJoules2: 0,
  lowWatts: 0,
  highWatts: 0,
  lagSeconds: 0,
  samples: [],
  course: [],
  provenance: 'counter',
  endCounterJoules: null,
});
const known = (watts: number): IdleDraw => ({ watts, lowWatts: watts, highWatts: watts });
const gpu: DomainUse = { kind: 'gpu', idle: known(100), areUsersKnown: true, isIndivisible: false, foreignSmShare: 0 };
const cpu: DomainUse = { kind: 'cpu', idle: known(40), areUsersKnown: true, isIndivisible: false, foreignSmShare: 0 };
const run = (runId: string, use: Partial<RunUse> = {}): RunUse => ({
  runId,
  startMs: 0,
  endMs: null,
  cpuShare: 0,
  takesRest: false,
  smShares: new Map(),
  ...use,
});
const onGpu = (smRatio: number | null): Pick<RunUse, 'smShares'> => ({ smShares: new Map([['gpu:1', smRatio]]) });
const joulesOf = (shares: ReturnType<typeof attributeInterval>, runId: string): number =>
  shares.filter((share) => share.runId === runId).reduce((sum, share) => sum + share.joules, 0);

describe('a GPU whose processes are not all of runs', () => {
  it('gives a run the active part by its share of all SM use, and the idle part whole', () => {
    // 500 J in 1 s, 100 J of them idle; 0.3 of 0.3 + 0.6 is a third of the 400 J active: 100 + 133.3 J.
    const shares = attributeInterval(interval(500), { ...gpu, foreignSmShare: 0.6 }, [run('a', onGpu(0.3))]);
    expect(shares).toMatchObject([{ runId: 'a', splitBy: 'sm-share' }]);
    expect(joulesOf(shares, 'a')).toBeCloseTo(100 + 400 / 3, 9);
  });

  it('is the run’s where the driver does not tell what the others did, and that is marked', () => {
    const shares = attributeInterval(interval(500), { ...gpu, foreignSmShare: null }, [run('a', onGpu(0.3))]);
    expect(shares).toMatchObject([{ runId: 'a', joules: 500, splitBy: 'assumed' }]);
  });
});

describe('a device that was never seen idle', () => {
  const guessed: DomainUse = { ...cpu, idle: { watts: 40, lowWatts: 10, highWatts: 90 } };

  it('gives a run between what it had with the least and with the most idle part that may be', () => {
    // 100 J: 40 + 60 / 4 = 55 J; 10 + 90 / 4 = 32.5 J and 90 + 10 / 4 = 92.5 J, with the sensor's own 10 %.
    const [share] = attributeInterval(interval(100), guessed, [run('a', { cpuShare: 0.25 })]);
    expect(share?.joules).toBeCloseTo(55, 9);
    expect(share?.lowJoules).toBeCloseTo(0.9 * 32.5, 9);
    expect(share?.highJoules).toBeCloseTo(1.1 * 92.5, 9);
  });

  it('makes no difference to one that had all of it, and less to one that had more than its part of the idle part', () => {
    const bounds = (runs: readonly RunUse[]) =>
      attributeInterval(interval(100), guessed, runs).map(({ lowJoules, highJoules }) => [lowJoules, highJoules]);
    expect(bounds([run('a', { cpuShare: 1 })])).toEqual([[90, expect.closeTo(110, 9)]]);
    // 0.75 of the use, half of the idle part: the more is idle, the less it had.
    const [most] = bounds([run('a', { cpuShare: 0.75 }), run('b', { cpuShare: 0.25 })]);
    expect(most).toEqual([expect.closeTo(0.9 * 52.5, 9), expect.closeTo(1.1 * 72.5, 9)]);
  });
});

describe('a GPU that cannot be split', () => {
  it('is divided equally, and says that it cannot be', () => {
    const mig: DomainUse = { ...gpu, isIndivisible: true };
    const shares = attributeInterval(interval(500), mig, [run('a', onGpu(null)), run('b', onGpu(null))]);
    expect(shares.map((share) => [share.runId, share.joules, share.splitBy])).toEqual([
      ['a', 250, 'cannot-be-split'],
      ['b', 250, 'cannot-be-split'],
    ]);
  });
});

describe('what contains other domains', () => {
  it.each(['wall', 'module'] as const)('is no run’s: %s', (kind) =>
    expect(attributeInterval(interval(500), { ...cpu, kind }, [run('a', { cpuShare: 1 })])).toEqual([]),
  );
});

describe('a GPU', () => {
  it('that one run uses is that run’s, whole', () => {
    const shares = attributeInterval(interval(500), gpu, [run('a', onGpu(0.9)), run('b')]);
    expect(shares).toMatchObject([{ runId: 'a', joules: 500, splitBy: 'whole' }]);
    expect(shares[0]?.lowJoules).toBeCloseTo(450, 9);
  });

  it('that two runs use is shared by SM use beyond its idle part, which they share equally', () => {
    // 500 J in 1 s, 100 J of it idle: 50 J each. Of the other 400 J, 70 % and 30 %: 280 and 120 J. In all 330 and 170 J.
    const shares = attributeInterval(interval(500), gpu, [run('a', onGpu(0.7)), run('b', onGpu(0.3))]);
    expect(joulesOf(shares, 'a')).toBeCloseTo(330, 9);
    expect(joulesOf(shares, 'b')).toBeCloseTo(170, 9);
    expect(shares.every((share) => share.splitBy === 'sm-share')).toBe(true);
  });

  it('whose driver does not tell SM use is shared equally, and says so', () => {
    const shares = attributeInterval(interval(500), gpu, [run('a', onGpu(null)), run('b', onGpu(0.3))]);
    expect([joulesOf(shares, 'a'), joulesOf(shares, 'b')]).toEqual([250, 250]);
    expect(shares.every((share) => share.splitBy === 'equal')).toBe(true);
  });

  it('that no run uses belongs to none', () => {
    expect(attributeInterval(interval(500), gpu, [run('a')])).toEqual([]);
  });

  it('whose users cannot be told is shared by the runs that are on, marked as assumed', () => {
    const shares = attributeInterval(interval(500), { ...gpu, areUsersKnown: false }, [run('a'), run('b')]);
    expect(shares).toMatchObject([
      { joules: 250, splitBy: 'assumed' },
      { joules: 250, splitBy: 'assumed' },
    ]);
  });

  it('that nobody else uses goes to the run that takes the rest', () => {
    expect(attributeInterval(interval(500), gpu, [run('a', { takesRest: true })])).toMatchObject([
      { joules: 500, splitBy: 'assumed' },
    ]);
    expect(
      joulesOf(attributeInterval(interval(500), gpu, [run('a', { takesRest: true }), run('b', onGpu(1))]), 'a'),
    ).toBe(0);
  });
});

describe('a CPU', () => {
  it('gives its idle part to all runs equally, the rest by CPU time, and keeps what nobody used', () => {
    // 100 J, 40 J idle: 20 J each. Of 60 J: 50 % = 30 J and 10 % = 6 J; 24 J belong to no run.
    const shares = attributeInterval(interval(100), cpu, [run('a', { cpuShare: 0.5 }), run('b', { cpuShare: 0.1 })]);
    expect(joulesOf(shares, 'a')).toBeCloseTo(50, 9);
    expect(joulesOf(shares, 'b')).toBeCloseTo(26, 9);
  });

  it('gives out no more than there is when shares add up to more than one', () => {
    const shares = attributeInterval(interval(100), cpu, [run('a', { cpuShare: 0.9 }), run('b', { cpuShare: 0.9 })]);
    expect(joulesOf(shares, 'a') + joulesOf(shares, 'b')).toBeCloseTo(100, 9);
  });
});

describe('the edges of a run', () => {
  it('cut an interval in proportion to time', () => {
    // On for the last 400 ms of a second: 40 % of 500 J.
    const shares = attributeInterval(interval(500), gpu, [run('a', { startMs: 600, ...onGpu(1) })]);
    expect(shares).toHaveLength(1);
    expect(joulesOf(shares, 'a')).toBeCloseTo(200, 9);
  });

  it('leave nothing to a run that was not on', () => {
    expect(
      attributeInterval(interval(500), gpu, [
        run('a', { startMs: 1000, ...onGpu(1) }),
        run('b', { startMs: -500, endMs: 0, ...onGpu(1) }),
      ]),
    ).toEqual([]);
  });
});

describe('any overlap of runs', () => {
  const anyRun = fc.record({
    startMs: fc.integer({ min: -2000, max: 2000 }),
    lengthMs: fc.option(fc.integer({ min: 1, max: 4000 }), { nil: null }),
    cpuShare: fc.double({ min: 0, max: 1.5, noNaN: true }),
    takesRest: fc.boolean(),
    sm: fc.option(fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }), { nil: undefined }),
  });

  it('never gives out more than the interval has, nor less than nothing', () => {
    fc.assert(
      fc.property(
        fc.array(anyRun, { maxLength: 6 }),
        fc.double({ min: 0, max: 5000, noNaN: true }),
        fc.double({ min: 0, max: 300, noNaN: true }),
        fc.constantFrom('gpu' as const, 'cpu' as const),
        fc.boolean(),
        fc.boolean(),
        fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
        (runs, joules, idleWatts, kind, areUsersKnown, isIndivisible, foreignSmShare) => {
          const uses = runs.map((one, i) =>
            run(`r${i}`, {
              startMs: one.startMs,
              endMs: one.lengthMs === null ? null : one.startMs + one.lengthMs,
              cpuShare: one.cpuShare,
              takesRest: one.takesRest,
              smShares: one.sm === undefined ? new Map() : new Map([['gpu:1', one.sm]]),
            }),
          );
          const shares = attributeInterval(
            interval(joules),
            { kind, idle: known(idleWatts), areUsersKnown, isIndivisible, foreignSmShare },
            uses,
          );
          const given = shares.reduce((sum, share) => sum + share.joules, 0);
          expect(given).toBeLessThanOrEqual(joules * (1 + 1e-9) + 1e-9);
          for (const share of shares) {
            expect(share.joules).toBeGreaterThanOrEqual(0);
            expect(share.toMs).toBeGreaterThan(share.fromMs);
            expect(share.lowJoules).toBeLessThanOrEqual(share.joules + 1e-9);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
