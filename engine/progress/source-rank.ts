/**
 * Whose word counts when several tell the same: the program's own; a pattern that the user gave; lines of a shape that is known; files that are written now
 * and then, the oftener the better; any `step=` in a line last.
 */
const order = [
  /^api$/,
  /^manual$/,
  /^log:pattern$/,
  /^log:(?!generic$)/,
  /^file:tensorboard$/,
  /^file:wandb$/,
  /^file:trainer-state$/,
  /^log:generic$/,
] as const;

/** Lower is better. */
export function sourceRank(source: string): number {
  const place = order.findIndex((pattern) => pattern.test(source));
  return place < 0 ? order.length : place;
}

/** The best of these sources; null of none. */
export function bestSource(sources: Iterable<string>): string | null {
  let best: string | null = null;
  for (const source of sources) if (best === null || sourceRank(source) < sourceRank(best)) best = source;
  return best;
}
