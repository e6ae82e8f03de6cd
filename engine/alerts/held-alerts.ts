import type { AlertLogEntry } from '../../shared/model/alert.ts';

export type HeldBy = 'snooze' | 'quiet';

/** Alerts that nobody was told of yet, and what holds them. */
export interface HeldAlerts {
  add(entry: AlertLogEntry, by: HeldBy): void;
  reasonOf(alertId: string): HeldBy | null;
  /** Lets go of those that nothing holds any more, oldest first. */
  release(isHeld: (entry: AlertLogEntry, by: HeldBy) => boolean, told: (alertId: string, by: HeldBy) => void): void;
}

/** What was held longer ago than this is in the log, and news to nobody. */
const longestMs = 36 * 3600 * 1000;

export function createHeldAlerts(past: readonly AlertLogEntry[], nowMs: number): HeldAlerts {
  const held = new Map<string, { readonly entry: AlertLogEntry; readonly by: HeldBy }>();
  for (const entry of past.toReversed())
    if (entry.isHeld && nowMs - entry.firedAtMs < longestMs) held.set(entry.id, { entry, by: 'quiet' });
  return {
    add: (entry, by) => void held.set(entry.id, { entry, by }),
    reasonOf: (alertId) => held.get(alertId)?.by ?? null,
    release(isHeld, told) {
      for (const [id, { entry, by }] of held) {
        if (isHeld(entry, by)) continue;
        held.delete(id);
        told(id, by);
      }
    },
  };
}
