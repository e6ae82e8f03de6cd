import type { LiveProgress } from '../../shared/model/progress.ts';
import { secondsFromMs } from '../../shared/units.ts';

/** A count that is older than this is no more where the run is now: what it takes lately is a mean over as long. */
const oldSeconds = 60;

/** How long ago a count was told; null while it may pass for now, and where nobody says. */
export function countAgeSeconds({ countedAtMs }: Pick<LiveProgress, 'countedAtMs'>, atMs: number): number | null {
  if (countedAtMs == null) return null;
  const ageSeconds = secondsFromMs(atMs - countedAtMs);
  return ageSeconds > oldSeconds ? ageSeconds : null;
}
