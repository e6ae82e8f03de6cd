import { msFromSeconds } from '../../shared/units.ts';
import { nearestIndex } from '../charts/columns.ts';
import type { WindowColumns } from './history-columns.ts';
import type { TimeRange } from './time-window.ts';

/** A bucket of a window's columns, and the time that its values are of. */
export interface ShownBucket extends TimeRange {
  readonly index: number;
}

/** The bucket at the crosshair, or the window's newest without one; null where nothing was read yet. */
export function shownBucket(columns: WindowColumns, range: TimeRange, crosshairMs: number | null): ShownBucket | null {
  const { timesMs, bucketSeconds } = columns;
  const index = crosshairMs === null ? timesMs.length - 1 : nearestIndex(timesMs, crosshairMs);
  const endMs = timesMs[index];
  if (endMs === undefined) return null;
  // Readings that came since the history was asked for fill a bucket that is not full yet.
  const fromMs = Math.max(endMs - msFromSeconds(bucketSeconds), timesMs[index - 1] ?? Number.NEGATIVE_INFINITY);
  return { index, fromMs, toMs: Math.max(fromMs, Math.min(endMs, range.toMs)) };
}

const longestMomentMs = msFromSeconds(60);

/** Whether a bucket is told by one time, its end; a longer one by both of its ends. */
export const isMoment = ({ fromMs, toMs }: TimeRange): boolean => toMs - fromMs <= longestMomentMs;
