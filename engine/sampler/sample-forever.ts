import { msFromSeconds } from '../../shared/units.ts';
import type { Clock } from '../clock/clock.ts';

/** What is done between ticks, now and then. */
export interface Chore {
  readonly everyMs: number;
  /** After the first tick already, rather than `everyMs` later. */
  readonly isDueAtOnce?: boolean;
  readonly work: () => void;
}

export interface SampleForever {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly periodSeconds: () => number;
  /** `until`: what has not answered by then is no longer waited for. */
  readonly tick: (until: Promise<void> | undefined) => Promise<void>;
  readonly chores: readonly Chore[];
  /** Once a second where ticks are further apart. */
  readonly between: () => void;
}

/** What answers later than this is not waited for, however long the period. */
const longestTickMs = 1000;
const betweenMs = 1000;

/**
 * Ticks until it is told to stop, on the monotonic clock, without drift: a late tick does not move those after it. Where the period is short, the moment of
 * the next tick is also when this one ends for what hangs: a timer of its own would wake the process once more every second, for nothing.
 */
export async function sampleForever({
  clock,
  signal,
  periodSeconds,
  tick,
  chores,
  between,
}: SampleForever): Promise<void> {
  let dueMs = clock.monotonicMs();
  const dues = new Map(chores.map((chore) => [chore, chore.isDueAtOnce === true ? dueMs : dueMs + chore.everyMs]));
  while (!signal.aborted) {
    const startedMs = clock.monotonicMs();
    const periodMs = msFromSeconds(periodSeconds());
    dueMs = Math.max(dueMs + periodMs, startedMs - periodMs);
    const next = clock.sleep(Math.max(1, dueMs - startedMs), signal);
    await tick(periodMs > longestTickMs ? undefined : next);
    const nowMs = clock.monotonicMs();
    for (const [chore, choreMs] of dues) {
      if (nowMs < choreMs) continue;
      dues.set(chore, nowMs + chore.everyMs);
      chore.work();
    }
    while (dueMs - clock.monotonicMs() > 1.5 * betweenMs && !signal.aborted) {
      await clock.sleep(betweenMs, signal);
      between();
    }
    await next;
  }
}
