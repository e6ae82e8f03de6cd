/** How far a pass over the data has come, as what is drawn of it says. */
export interface PassSeen {
  readonly done: number;
  /** The pass before it: how far it came, in how many states it was drawn, and how long it took; null of the first. */
  readonly before: { readonly done: number; readonly states: number; readonly elapsedSeconds: number | null } | null;
}

/** A pass that was drawn in fewer may well be drawn in its first and last state alone the next time. */
const leastStates = 5;
/** A count that is ahead by more than this share of a pass, where the pass before was drawn in small steps. */
const aheadRatio = 0.5;
/** tqdm's time is in whole seconds. */
const leastFasterSeconds = 2;

/** Of a pass that has just begun, a count from near the end is that of a rank that is still at the pass before, unless its own clock says that it began anew. */
export function isLateRank(count: number, { done, before }: PassSeen, elapsedSeconds: number | null = null): boolean {
  if (before === null || before.states < leastStates || count - done <= before.done * aheadRatio) return false;
  const isFaster =
    elapsedSeconds !== null &&
    before.elapsedSeconds !== null &&
    elapsedSeconds + leastFasterSeconds <= before.elapsedSeconds;
  return !isFaster;
}
