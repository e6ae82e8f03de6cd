import type { TimeRange } from './time-window.ts';

interface Timed {
  readonly atMs: number;
}

/** Of what happened in the range, oldest first, the newest `most`; and how many there were before these. */
export function newestEntries<T extends Timed>(
  entries: readonly T[],
  { range, most }: { readonly range: TimeRange; readonly most: number },
): { readonly shown: readonly T[]; readonly earlierCount: number } {
  const inside = entries
    .filter((entry) => entry.atMs >= range.fromMs && entry.atMs <= range.toMs)
    .toSorted((a, b) => a.atMs - b.atMs);
  return { shown: inside.slice(-most), earlierCount: Math.max(0, inside.length - most) };
}
