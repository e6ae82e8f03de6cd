/** One look at whether something is in use; null where that cannot be told. */
export interface UseSample {
  readonly atMs: number;
  readonly isBusy: boolean | null;
}

/** What is seen for as long is a run. */
export const sustainedMs = 10_000;

/** Above this a GPU, or a process on it, does something. */
export const busyRatio = 0.02;

/**
 * Whether use has lasted: first seen ten seconds ago, and busy in at least half of the looks since then or, after longer, of the last ten seconds.
 * Where no look could tell (MIG, WDDM), `isLikely` decides.
 */
export function isSustained(samples: readonly UseSample[], nowMs: number, isLikely: boolean): boolean {
  const [first] = samples;
  if (first === undefined || nowMs - first.atMs < sustainedMs) return false;
  const recent = samples.filter((sample) => nowMs - sample.atMs <= sustainedMs);
  const known = recent.filter((sample) => sample.isBusy !== null);
  if (known.length === 0) return isLikely;
  return known.filter((sample) => sample.isBusy).length * 2 >= known.length;
}
