import { attributeInterval, type DomainUse, type RunUse, type Share } from '../attribution/attribute.ts';
import type { Interval } from '../energy/interval.ts';
import { addPiece } from '../progress/run-curve.ts';
import type { ActiveRun } from '../runs/active-run.ts';
import { addShare } from '../runs/run-ledger.ts';

/** How an interval was divided among runs of which one may turn out to be none. */
export interface OpenDivision {
  /** When its tick was written, Unix ms. */
  readonly atMs: number;
  readonly interval: Interval;
  readonly isSummed: boolean;
  readonly use: DomainUse;
  readonly uses: readonly RunUse[];
  readonly shares: readonly Share[];
  readonly runs: readonly ActiveRun[];
}

/** What a run has more of a domain, or less, of the time before a tick than that tick says. */
export interface Correction {
  readonly atMs: number;
  readonly runId: string;
  readonly domainId: string;
  readonly isSummed: boolean;
  readonly joules: number;
  readonly lowJoules: number;
  readonly highJoules: number;
  /** How long the run had a share in that time. */
  readonly seconds: number;
}

/** Divisions that may have to be made anew, for as long as a run of theirs is provisional. */
export interface OpenShares {
  add(division: OpenDivision): void;
  /** A provisional run is none: what it was given is divided as if it had been nobody's from the first. */
  withdraw(runId: string): readonly Correction[];
  /** A run is over, and what it has is final: it has its part as if runs that are provisional still were none. What others lose by it is theirs no more. */
  close(runId: string): readonly Correction[];
}

export function createOpenShares(): OpenShares {
  let open: readonly OpenDivision[] = [];

  const prune = (): void => {
    open = open.filter(({ runs }) => runs.some((run) => run.isProvisional));
  };

  /** Divides anew without some of the runs; those keep what the others leave of what they had. */
  function divideAgain(before: OpenDivision, without: ReadonlySet<string>): readonly [OpenDivision, Correction[]] {
    const { interval, uses } = before;
    const gone = uses.filter((use) => without.has(use.runId));
    const left = uses.filter((use) => !without.has(use.runId));
    const use = withForeign(before.use, interval.domainId, gone);
    const shares = attributeInterval(interval, use, left);
    const after = {
      ...before,
      use,
      uses: left,
      runs: before.runs.filter(({ record }) => !without.has(record.id)),
      shares,
    };
    const corrections = after.runs.flatMap((run) => correct(run, before, sharesOf(shares, run)));
    return [after, corrections];
  }

  return {
    add(division) {
      prune();
      open = [...open, division];
    },
    withdraw(runId) {
      prune();
      const corrections: Correction[] = [];
      open = open.map((division) => {
        if (!division.runs.some(({ record }) => record.id === runId)) return division;
        const [after, more] = divideAgain(division, new Set([runId]));
        corrections.push(...more);
        return after;
      });
      prune();
      return corrections;
    },
    close(runId) {
      prune();
      const corrections: Correction[] = [];
      open = open.filter((division) => {
        if (!division.runs.some(({ record }) => record.id === runId)) return true;
        const provisional = division.runs.filter((run) => run.isProvisional);
        const [, more] = divideAgain(division, new Set(provisional.map(({ record }) => record.id)));
        const takenJoules = more.reduce((sum, { joules }) => sum + joules, 0);
        const hadJoules = provisional.reduce((sum, run) => sum + joulesOf(sharesOf(division.shares, run)), 0);
        const keptRatio = hadJoules > 0 ? Math.max(0, 1 - takenJoules / hadJoules) : 1;
        const less = provisional.flatMap((run) =>
          correct(
            run,
            division,
            sharesOf(division.shares, run).map((share) => scaled(share, keptRatio)),
          ),
        );
        corrections.push(...more, ...less);
        return false;
      });
      return corrections;
    },
  };
}

const sharesOf = (shares: readonly Share[], { record }: ActiveRun): readonly Share[] =>
  shares.filter(({ runId }) => runId === record.id);

type Energy = 'joules' | 'lowJoules' | 'highJoules';
const joulesOf = (shares: readonly Share[], which: Energy = 'joules'): number =>
  shares.reduce((sum, share) => sum + share[which], 0);

const scaled = (share: Share, ratio: number): Share => ({
  ...share,
  joules: share.joules * ratio,
  lowJoules: share.lowJoules * ratio,
  highJoules: share.highJoules * ratio,
});

/** What those who are gone did on a GPU is what processes of no run did. */
function withForeign(use: DomainUse, domainId: string, gone: readonly RunUse[]): DomainUse {
  let { foreignSmShare } = use;
  for (const { smShares } of gone) {
    const smShare = smShares.get(domainId);
    if (smShare === undefined) continue;
    foreignSmShare = smShare === null || foreignSmShare === null ? null : foreignSmShare + smShare;
  }
  return { ...use, foreignSmShare };
}

/** Puts a run's new shares in the place of those it was given. */
function correct(
  run: ActiveRun,
  { atMs, interval, isSummed, shares }: OpenDivision,
  next: readonly Share[],
): Correction[] {
  const before = sharesOf(shares, run);
  const more = (which: Energy): number => joulesOf(next, which) - joulesOf(before, which);
  const [joules, lowJoules, highJoules] = [more('joules'), more('lowJoules'), more('highJoules')];
  const isSame = joules === 0 && lowJoules === 0 && highJoules === 0 && splitsOf(next) === splitsOf(before);
  if (isSame) return [];
  const taken = before.map((share) => scaled(share, -1));
  for (const share of [...taken, ...next]) addShare(run.ledger, interval.domainId, share);
  if (isSummed) for (const share of [...taken, ...next]) addPiece(run.curve, interval, share);
  const seconds = next.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs) / 1000, 0);
  return [
    { atMs, runId: run.record.id, domainId: interval.domainId, isSummed, joules, lowJoules, highJoules, seconds },
  ];
}

const splitsOf = (shares: readonly Share[]): string => shares.map(({ splitBy }) => splitBy).join();
