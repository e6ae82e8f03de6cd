/** Energy over a while that is too short to tell a power by, or not. */
export interface Stretch {
  readonly joules: number;
  readonly seconds: number;
}

/**
 * Adds to what a key has gathered; once that lasts `leastSeconds`, gives the whole and begins anew. A counter that is read every few milliseconds tells
 * its power by such sums: single steps of it are the register's own. Null while it lasts less.
 */
export function gatherStretch(
  gathered: Map<string, Stretch>,
  key: string,
  more: Stretch,
  leastSeconds: number,
): Stretch | null {
  const before = gathered.get(key);
  const sum = { joules: (before?.joules ?? 0) + more.joules, seconds: (before?.seconds ?? 0) + more.seconds };
  const isWhole = sum.seconds >= leastSeconds;
  if (isWhole) gathered.delete(key);
  else gathered.set(key, sum);
  return isWhole ? sum : null;
}
