import type { DomainKind } from '../../shared/model/domain.ts';

/** What is known of a device's draw with nothing to do. */
export interface IdleBaseline {
  /** Learned; null until the device has been seen idle for long enough. */
  readonly idleWatts: number | null;
  /** Lowest power seen with nothing to do, for as long as nothing has been learned. Too high rather than too low: a device may still be settling. */
  readonly earlyWatts: number | null;
  /** Power of the newest idle interval: believed once the next one is idle too, for a process may have begun in it that no list named yet. */
  readonly candidateWatts: number | null;
  /** The idle stretch that is going on. */
  readonly stretchSeconds: number;
  readonly stretchJoules: number;
}

export const unknownIdle: IdleBaseline = {
  idleWatts: null,
  earlyWatts: null,
  candidateWatts: null,
  stretchSeconds: 0,
  stretchJoules: 0,
};

/** After work a device needs this long to settle: clocks fall and fans slow down. */
const settlingSeconds = 10;
/** Idle draw is the mean over at least this much settled time. */
const leastIdleSeconds = 10;
/** A higher idle draw than the one known is believed slowly: something may still keep the device from its lowest state. */
const raiseRatio = 0.1;

/** Takes one interval in. Idle draw falls at once to a lower mean and rises slowly to a higher one. */
export function learnIdle(
  before: IdleBaseline,
  interval: { readonly watts: number; readonly seconds: number; readonly isIdle: boolean },
): IdleBaseline {
  if (!interval.isIdle)
    return before.candidateWatts === null && before.stretchSeconds === 0
      ? before
      : { ...before, candidateWatts: null, stretchSeconds: 0, stretchJoules: 0 };
  const stretchSeconds = before.stretchSeconds + interval.seconds;
  const { candidateWatts } = before;
  const earlyWatts =
    candidateWatts === null ? before.earlyWatts : Math.min(before.earlyWatts ?? candidateWatts, candidateWatts);
  const next = { ...before, earlyWatts, candidateWatts: interval.watts, stretchSeconds };
  if (stretchSeconds <= settlingSeconds) return { ...next, stretchJoules: 0 };
  const settledSeconds = stretchSeconds - settlingSeconds;
  // Of the interval that reaches over the end of settling, what lies beyond it.
  const stretchJoules = before.stretchJoules + interval.watts * Math.min(interval.seconds, settledSeconds);
  if (settledSeconds < leastIdleSeconds) return { ...next, stretchJoules };
  const meanWatts = stretchJoules / settledSeconds;
  const knownWatts = before.idleWatts ?? meanWatts;
  const idleWatts = meanWatts < knownWatts ? meanWatts : knownWatts + (meanWatts - knownWatts) * raiseRatio;
  // The next mean is of the time to come.
  return { ...next, idleWatts, stretchSeconds: settlingSeconds, stretchJoules: 0 };
}

/** Learned, or else the first guess; null where the device was never seen idle. */
export const knownIdleWatts = ({ idleWatts, earlyWatts }: IdleBaseline): number | null => idleWatts ?? earlyWatts;

export interface IdleQuestion {
  readonly kind: DomainKind;
  /** What the source itself says of it, as models do. */
  readonly saidWatts: number | null;
  readonly learnedWatts: number | null;
  /** Lowest mean power seen of the domain. */
  readonly lowestWatts: number | null;
  /** Mean power of the interval in question, and the CPU's load in it. */
  readonly watts: number;
  readonly loadRatio: number | null;
}

/** A CPU's package at no load and the rise to full load, as shares of its TDP: Teads' curve, 0.12 and 1.02 (docs/methodology.md, 'A run's share'). */
const cpuIdleShare = 0.12;
const cpuActiveShare = 0.9;
/**
 * With nothing to do a device draws at least this share of what it draws at full load. Below all that was measured: Teads' 17 server CPUs 0.09 to 0.12, their
 * memory 0.15 to 0.33, CodeCarbon's captures 0.08 to 0.36 (docs/methodology.md, 'A run's share').
 */
const leastIdleShare: Partial<Readonly<Record<DomainKind, number>>> = { cpu: 0.03, platform: 0.03, dram: 0.1 };

/** Draw with nothing to do: what is taken for it, and between what it lies. All three are the same where it is known. */
export interface IdleDraw {
  readonly watts: number;
  readonly lowWatts: number;
  readonly highWatts: number;
}

/**
 * Without anything learned: a GPU's is taken for 0, so that its energy goes by use alone; a CPU's is the idle share of the present power at the present load;
 * memory's is the lowest seen, for refresh and standby are most of it. It is never more than the lowest power seen.
 */
export function idleDrawOf(question: IdleQuestion): IdleDraw {
  const { kind, saidWatts, learnedWatts, lowestWatts, watts, loadRatio } = question;
  const known = saidWatts ?? learnedWatts;
  if (known !== null) return { watts: known, lowWatts: known, highWatts: known };
  const highWatts = Math.max(0, Math.min(lowestWatts ?? watts, watts));
  const least = leastIdleShare[kind] ?? 0;
  const lowWatts =
    loadRatio === null || least === 0 ? 0 : Math.min(highWatts, (watts * least) / (least + (1 - least) * loadRatio));
  const guess = guessedWatts(question);
  return { watts: Math.min(highWatts, Math.max(lowWatts, guess)), lowWatts, highWatts };
}

function guessedWatts({ kind, lowestWatts, watts, loadRatio }: IdleQuestion): number {
  if (kind === 'dram') return lowestWatts ?? 0;
  if (kind !== 'cpu' && kind !== 'platform') return 0;
  return loadRatio === null ? 0 : (watts * cpuIdleShare) / (cpuIdleShare + cpuActiveShare * loadRatio);
}
