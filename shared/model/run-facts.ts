import type { DomainKind } from './domain.ts';
import { type HeldBackReason, heldBackReasons } from './health.ts';
import type { RunDomain } from './run.ts';

/** From so much on, samples and counter of one sensor are said to disagree: what published sensor errors do not explain. */
export const notableDisagreementRatio = 0.05;
/** Less is a moment, not a time. */
const leastHeldBackSeconds = 0.5;

/** How long a domain ran slower than it could, for one reason. */
export interface HeldBack {
  readonly reason: HeldBackReason;
  readonly seconds: number;
  /** Of the run's time, 0…1. */
  readonly ratio: number;
}

type HeldBackOf = Pick<RunDomain, 'heldBackSeconds'>;

/** Times that are worth a word, in the order of `heldBackReasons`; null where the driver tells nothing. Several reasons may hold at once. */
export function heldBackOf({ heldBackSeconds }: HeldBackOf, durationSeconds: number): readonly HeldBack[] | null {
  if (heldBackSeconds === null) return null;
  return heldBackReasons.flatMap((reason) => {
    const seconds = heldBackSeconds[reason] ?? 0;
    if (seconds < leastHeldBackSeconds) return [];
    return [{ reason, seconds, ratio: durationSeconds > 0 ? Math.min(1, seconds / durationSeconds) : 1 }];
  });
}

/** All domains that one reason held back, the longest first. */
export interface HeldBackGroup {
  readonly reason: HeldBackReason;
  readonly labels: readonly string[];
  readonly longest: HeldBack;
}

export function heldBackGroups(domains: readonly RunDomain[], durationSeconds: number): readonly HeldBackGroup[] {
  return heldBackReasons.flatMap((reason) => {
    const held = domains
      .flatMap((domain) =>
        (heldBackOf(domain, durationSeconds) ?? [])
          .filter((one) => one.reason === reason)
          .map((one) => ({ label: domain.label, one })),
      )
      .sort((a, b) => b.one.seconds - a.one.seconds);
    const first = held[0];
    return first === undefined ? [] : [{ reason, labels: held.map(({ label }) => label), longest: first.one }];
  });
}

/** Energy by power samples over energy by the counter, less 1; null where there are not both. */
export function checkRatio({ check }: Pick<RunDomain, 'check'>): number | null {
  return check === null || check.counterJoules <= 0 ? null : check.samplesJoules / check.counterJoules - 1;
}

/** Domains whose single sensors are off by as much: what the truth may be over what they read. */
export interface GainGroup {
  readonly lowRatio: number;
  readonly highRatio: number;
  readonly labels: readonly string[];
}

export function gainGroups(domains: readonly RunDomain[]): readonly GainGroup[] {
  const groups = new Map<string, { lowRatio: number; highRatio: number; labels: string[] }>();
  for (const { gain, label } of domains) {
    if (gain === null) continue;
    const key = `${gain.lowRatio}/${gain.highRatio}`;
    const group = groups.get(key) ?? { ...gain, labels: [] };
    group.labels.push(label);
    groups.set(key, group);
  }
  return [...groups.values()];
}

const checkedKinds: readonly DomainKind[] = ['gpu', 'module'];

/** Domains with something to tell of their sensor; a GPU always has, be it that its driver does not tell. */
export const checkedDomains = (domains: readonly RunDomain[]): readonly RunDomain[] =>
  domains.filter(
    ({ kind, gain, check, heldBackSeconds }) =>
      checkedKinds.includes(kind) || gain !== null || check !== null || heldBackSeconds !== null,
  );
