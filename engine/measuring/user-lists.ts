import type { GpuProcess, SourceReading } from '../sources/source.ts';

/** The processes on a device as its driver listed them; null where it does not tell. */
export interface UserList {
  readonly processes: readonly GpuProcess[] | null;
  /** Monotonic time at which it was asked for. */
  readonly askedAtMs: number | null;
}

/**
 * Adds a reading's list to those before, oldest first. One without a value tells nothing of the users: what was known of them still is. Where the driver does
 * not tell any more, that is all there is to know.
 */
export function seeUsers(
  before: readonly UserList[],
  { missing, processes, processesAtMs }: SourceReading,
): readonly UserList[] {
  if (missing !== null) return before;
  if (processes === null) return [{ processes, askedAtMs: null }];
  const known = before.filter(({ askedAtMs }) => askedAtMs !== null && askedAtMs !== processesAtMs);
  return [...known, { processes, askedAtMs: processesAtMs }];
}

/** A list that was asked for so soon after the beginning of an interval still tells who was there at its beginning: it is asked for right after the energy. */
const soonMs = 250;

/** The lists without those that tell nothing of the time from then on. */
export function usersSince(lists: readonly UserList[], fromMs: number): readonly UserList[] {
  const first = lists.findLastIndex(({ askedAtMs }) => askedAtMs === null || askedAtMs <= fromMs + soonMs);
  return first <= 0 ? lists : lists.slice(first);
}
