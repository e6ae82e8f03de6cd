export interface CountedAt {
  /** The one that it stands in, where that is said. */
  readonly epoch?: number | null;
  /** Another count tells that the training began anew: what is told now is of the next one, unless it is ahead. */
  readonly isAnew?: boolean;
}

/** A count that is told raw, from which it goes on where it begins anew. */
export interface RunningCount {
  /** All that was counted up to here; null where the value is one that came late, or no more than is known. */
  take(value: number, at?: CountedAt): number | null;
  /** What a raw value of the pass that is on stands for. */
  totalOf(value: number): number;
}

export interface RunningCountOptions {
  /** Others may tell the same count, a little ahead or behind, and nothing says who is who. */
  readonly isShared: boolean;
  /** What it counts is slow: nobody is a whole one behind. */
  readonly isSlow: boolean;
}

/** A count that falls to this share of the one before, or below, began anew; one that falls less came late from another rank. */
const restartRatio = 0.5;
/** A pass that was told in fewer may well be told by its first and last alone the next time. */
const leastStates = 5;
/** Ranks may be so far apart while they begin; up to a few times as far what begins anew begins where the first pass did. */
const leastRestart = 10;
const surelyRestart = 40;
const leastSlowRestart = 3;
/** Of so many lines one is of the rank that is ahead, or nobody is there any more. */
const mostRanksBehind = 16;

/** Adds up the passes of one count. */
export function createRunningCount({ isShared, isSlow }: RunningCountOptions): RunningCount {
  let before = 0;
  let first: number | null = null;
  let last: number | null = null;
  let lastEpoch: number | null = null;
  /** How far the pass before came; null once this one has come half as far: what comes from there now is a late rank's. */
  let reached: number | null = null;
  /** Of how many values a pass was told, and whether the one before was told in small steps. */
  let states = 0;
  let isDense = false;
  /** How many in a row were no further than is known. */
  let behind = 0;

  function isRestart(value: number, epoch: number | null): boolean {
    if (last === null || value >= last) return false;
    if (epoch !== null && lastEpoch !== null && epoch > lastEpoch) return true;
    if (value > last * restartRatio) return false;
    if (isSlow) return last >= (isShared ? leastSlowRestart : 1);
    if (!isShared) return true;
    if (last < leastRestart || (last < surelyRestart && value > (first ?? 0))) return false;
    return (epoch !== null && lastEpoch !== null) || reached === null || behind >= mostRanksBehind;
  }

  function isLate(value: number, epoch: number | null): boolean {
    if (last === null) return false;
    if (epoch !== null && lastEpoch !== null)
      return epoch === lastEpoch - 1 && (value > last || (isShared && reached !== null));
    return isShared && reached !== null && isDense && value - last > reached * restartRatio;
  }

  return {
    take(value, { epoch = null, isAnew = false } = {}) {
      if (isLate(value, epoch)) return null;
      const begins = isRestart(value, epoch) || (isAnew && last !== null && value <= last);
      if (begins) {
        before += last ?? 0;
        reached = last;
        isDense = states >= leastStates;
        states = 0;
      } else if (last !== null && value <= last) {
        behind++;
        return null;
      }
      behind = 0;
      states++;
      first ??= value;
      last = value;
      lastEpoch = epoch ?? lastEpoch;
      if (reached !== null && value > reached * restartRatio) reached = null;
      return begins && value === 0 ? null : before + value;
    },
    totalOf: (value) => before + value,
  };
}
