import type { GapRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';

/** An engine that follows another one so soon takes over from it. */
const takeoverMs = 2500;

/** The time since the newest tick on record, in which no engine ran, as a gap of each domain that was read then. Moments in Unix ms. */
export function absenceBefore(nowMs: number, store: Pick<Store, 'newestTick'>): readonly GapRecord[] {
  const newest = store.newestTick();
  if (newest === null || nowMs - newest.atMs <= takeoverMs) return [];
  return newest.domainIds.map((domainId) => ({
    domainId,
    fromMs: newest.atMs,
    toMs: nowMs,
    reason: 'restart',
    isBridged: false,
  }));
}
