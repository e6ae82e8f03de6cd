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

const useOf = ({ record }: ActiveRun, smShare: number | null): RunUse => ({
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
): OpenDivision {
  const interval = intervalOf(second, joules);
  const uses = runs.map((run, i) => useOf(run, smShares[i] ?? null));
  const shares = attributeInterval(interval, gpu, uses);
  for (const run of runs)
    for (const share of shares) if (share.runId === run.record.id) addShare(run.ledger, 'gpu:0', share);
  return { atMs: second, interval, isSummed: true, use: gpu, uses, shares, runs };
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
      { atMs: 0, runId: 'train', domainId: 'gpu:0', isSummed: true, joules: 50, seconds: 1 },
    ]);
    expect(joulesOf(train)).toBe(250);
    expect(train.ledger.domains.get('gpu:0')).toMatchObject({ bySplit: { 'sm-share': 250 } });
    expect(train.ledger.domains.get('gpu:0')?.runHighJoules).toBeCloseTo(275, 9);
    expect(pointAt(train.curve, { joules: 250, lowJoules: 225, highJoules: 275 }, 0)?.joules).toBeCloseTo(200, 9);
    expect(open.withdraw('idler')).toEqual([]);
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
    fc.assert(
      fc.property(fc.array(second, { maxLength: 6 }), fc.shuffledSubarray([2, 3]), (seconds, gone) => {
        const runs = [runOf('a'), runOf('b'), runOf('c', true), runOf('d', true)];
        const open = createOpenShares();
        for (const [i, { joules, smShares }] of seconds.entries()) open.add(divide(runs, i, joules, smShares));
        for (const i of gone) open.withdraw(runs[i]?.record.id ?? '');
        const left = runs.map((_, i) => i).filter((i) => !gone.includes(i));
        const plain = createOpenShares();
        const anew = ['a', 'b', 'c', 'd'].map((id) => runOf(id, true));
        for (const [i, { joules, smShares }] of seconds.entries()) plain.add(divide(anew, i, joules, smShares));
        for (const i of gone.toReversed()) plain.withdraw(anew[i]?.record.id ?? '');
        for (const i of left) expect(joulesOf(runs[i] as ActiveRun)).toBeCloseTo(joulesOf(anew[i] as ActiveRun), 6);
        open.close('a');
        const sum = left.reduce((total, i) => total + joulesOf(runs[i] as ActiveRun), 0);
        expect(sum).toBeLessThanOrEqual(seconds.reduce((total, { joules }) => total + joules, 0) + 1e-6);
        for (const i of left) expect(joulesOf(runs[i] as ActiveRun)).toBeGreaterThanOrEqual(-1e-9);
      }),
      { numRuns: 300 },
    );
  });
});
