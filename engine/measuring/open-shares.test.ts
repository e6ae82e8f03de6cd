import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleRun } from '../../tests/examples.ts';
import { attributeInterval, type DomainUse, type RunUse } from '../attribution/attribute.ts';
import type { Interval } from '../energy/interval.ts';
import { pointAt } from '../progress/run-curve.ts';
import { type ActiveRun, createActiveRun } from '../runs/active-run.ts';
import { addShare } from '../runs/run-ledger.ts';
import { createOpenShares, type OpenDivision } from './open-shares.ts';

const gpu: DomainUse = {
  kind: 'gpu',
  idle: { watts: 100, lowWatts: 100, highWatts: 100 },
  areUsersKnown: true,
  isIndivisible: false,
  foreignSmShare: 0,
};

function intervalOf(second: number, joules: number): Interval {
  return {
    domainId: 'gpu:0',
    fromMs: second * 1000,
    toMs: (second + 1) * 1000,
    joules,
    lowJoules: joules * 0.9,
    highJoules: joules * 1.1,
    samples: [],
    course: [],
    varianceJoules2: 0,
  } as unknown as Interval;
}

function runOf(id: string, isProvisional = false): ActiveRun {
  const run = createActiveRun(exampleRun({ id }), 0);
  return Object.assign(run, { isProvisional });
}

const shareOf = ({ record }: ActiveRun, smShare: number | null): RunUse => ({
  runId: record.id,
  startMs: 0,
  endMs: null,
  cpuShare: 0,
  takesRest: false,
  smShares: new Map([['gpu:0', smShare]]),
});

/** Divides a second among runs as the pipeline does. */
function divide(
  runs: readonly ActiveRun[],
  second: number,
  joules: number,
  smShares: readonly (number | null)[],
  use = gpu,
): OpenDivision {
  const interval = intervalOf(second, joules);
  const uses = runs.map((run, i) => shareOf(run, smShares[i] ?? null));
  const shares = attributeInterval(interval, use, uses);
  for (const run of runs)
    for (const share of shares) if (share.runId === run.record.id) addShare(run.ledger, 'gpu:0', share);
  return { atMs: second, interval, isSummed: true, use, uses, shares, runs };
}

const joulesOf = ({ ledger }: ActiveRun): number => ledger.domains.get('gpu:0')?.runJoules ?? 0;

describe('what a provisional run was given', () => {
  it('is the others’ where it is none: the idle part, and nothing of what it did', () => {
    const [train, idler] = [runOf('train'), runOf('idler', true)];
    const open = createOpenShares();
    // 300 J, of them 100 J idle: 50 J each, and 200 J by 0.75 and 0.25 of the SMs.
    open.add(divide([train, idler], 0, 300, [0.75, 0.25]));
    expect([joulesOf(train), joulesOf(idler)]).toEqual([200, 100]);
    expect(open.withdraw('idler')).toEqual([
      {
        atMs: 0,
        runId: 'train',
        domainId: 'gpu:0',
        isSummed: true,
        joules: 50,
        lowJoules: expect.closeTo(45, 9),
        highJoules: expect.closeTo(55, 9),
        seconds: 1,
      },
    ]);
    expect(joulesOf(train)).toBe(250);
    expect(train.ledger.domains.get('gpu:0')).toMatchObject({ bySplit: { 'sm-share': 250 } });
    expect(train.ledger.domains.get('gpu:0')?.runHighJoules).toBeCloseTo(275, 9);
    expect(pointAt(train.curve, { joules: 250, lowJoules: 225, highJoules: 275 }, 0)?.joules).toBeCloseTo(200, 9);
    expect(open.withdraw('idler')).toEqual([]);
  });

  it('leaves a bound behind only where the others had less for sure', () => {
    const [train, idler] = [runOf('train'), runOf('idler', true)];
    const open = createOpenShares();
    // The idle part is not known: half of it may be the idler's, as long as that is one.
    const guessed = { ...gpu, idle: { watts: 0, lowWatts: 0, highWatts: 200 } };
    open.add(divide([train, idler], 0, 300, [0.9, 0], guessed));
    const low = (): number => train.ledger.domains.get('gpu:0')?.runLowJoules ?? 0;
    expect(low()).toBeCloseTo(0.9 * 200, 9);
    open.withdraw('idler');
    expect(low()).toBeCloseTo(0.9 * 300, 9);
    expect(train.ledger.domains.get('gpu:0')?.bySplit.whole).toBeCloseTo(300, 6);
  });

  it('stays its own where it is one', () => {
    const [train, other] = [runOf('train'), runOf('other', true)];
    const open = createOpenShares();
    open.add(divide([train, other], 0, 300, [0.75, 0.25]));
    other.isProvisional = false;
    expect([...open.withdraw('other'), ...open.close('train')]).toEqual([]);
    expect([joulesOf(train), joulesOf(other)]).toEqual([200, 100]);
  });

  it('is a run’s that is over before it is known, and then its own no more', () => {
    const [train, other] = [runOf('train'), runOf('other', true)];
    const open = createOpenShares();
    open.add(divide([train, other], 0, 300, [0.75, 0.25]));
    expect(open.close('train').map(({ runId, joules }) => [runId, joules])).toEqual([
      ['train', 50],
      ['other', -50],
    ]);
    expect([joulesOf(train), joulesOf(other)]).toEqual([250, 50]);
    expect(open.withdraw('other')).toEqual([]);
  });

  it('is, of any number of runs that turn out to be none in any order, as if they had been nobody’s, and never more than there was', () => {
    const smShare = fc.option(
      fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
      { nil: null },
    );
    const second = fc.record({
      joules: fc.integer({ min: 1, max: 700 }),
      smShares: fc.array(smShare, { minLength: 4, maxLength: 4 }),
    });
    const sumOf = (runs: readonly ActiveRun[]): number => runs.reduce((sum, run) => sum + joulesOf(run), 0);
    fc.assert(
      fc.property(fc.array(second, { maxLength: 6 }), fc.shuffledSubarray([2, 3]), (seconds, gone) => {
        const runs = [runOf('a'), runOf('b'), runOf('c', true), runOf('d', true)];
        const open = createOpenShares();
        for (const [i, { joules, smShares }] of seconds.entries()) open.add(divide(runs, i, joules, smShares));
        for (const i of gone) open.withdraw(runs[i]?.record.id ?? '');
        const left = runs.filter((_, i) => !gone.includes(i));
        const isOfGone = (_: unknown, i: number): boolean => gone.includes(i);
        const expected = new Map(left.map(({ record }) => [record.id, 0]));
        for (const [i, { joules, smShares }] of seconds.entries()) {
          const foreign = smShares.filter(isOfGone);
          const foreignSmShare = foreign.includes(null)
            ? null
            : foreign.reduce<number>((sum, one) => sum + (one ?? 0), 0);
          const uses = runs.flatMap((run, k) => (isOfGone(run, k) ? [] : [shareOf(run, smShares[k] ?? null)]));
          for (const { runId, joules: part } of attributeInterval(
            intervalOf(i, joules),
            { ...gpu, foreignSmShare },
            uses,
          ))
            expected.set(runId, (expected.get(runId) ?? 0) + part);
        }
        for (const run of left) expect(joulesOf(run)).toBeCloseTo(expected.get(run.record.id) ?? Number.NaN, 6);
        const before = sumOf(left);
        const provisional = left.filter((run) => run.isProvisional);
        const hadJoules = sumOf(provisional);
        open.close('a');
        // What the first gains is no more than the others had, and nothing is lost where they had enough.
        const after = sumOf(left);
        expect(after).toBeLessThanOrEqual(seconds.reduce((total, { joules }) => total + joules, 0) + 1e-6);
        expect(after).toBeGreaterThanOrEqual(before - 1e-6);
        if (provisional.length > 0 && sumOf(provisional) > 1e-6)
          expect(sumOf(provisional)).toBeLessThanOrEqual(hadJoules + 1e-6);
        for (const run of left) expect(joulesOf(run)).toBeGreaterThanOrEqual(-1e-9);
      }),
      { numRuns: 300 },
    );
  });
});
