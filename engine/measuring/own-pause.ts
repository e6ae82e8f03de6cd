import { msFromSeconds } from '../../shared/units.ts';
import type { MeterGap } from '../energy/interval.ts';

/** A stretch in which this process itself did not run: somebody stopped it, or the machine had no time for it. */
export interface OwnPause {
  readonly fromMs: number;
  readonly toMs: number;
}

const leastPauseMs = 2000;
const leastPausePeriods = 2;

/** Rounds come once a period, whatever hangs: a far later one is this process' own delay. Null where there was none. */
export function ownPauseBetween(lastRoundMs: number | null, nowMs: number, periodSeconds: number): OwnPause | null {
  if (lastRoundMs === null) return null;
  const usualMs = Math.max(leastPauseMs, leastPausePeriods * msFromSeconds(periodSeconds));
  return nowMs - lastRoundMs > usualMs ? { fromMs: lastRoundMs, toMs: nowMs } : null;
}

/** The gap, not laid at its source's door where most of it is a time in which nobody asked. A driver that held up this process is told as one (`timeout`). */
export function withOwnReason(gap: MeterGap, pause: OwnPause | null): MeterGap {
  if (pause === null || gap.reason !== 'no-reading') return gap;
  const sharedMs = Math.min(gap.toMs, pause.toMs) - Math.max(gap.fromMs, pause.fromMs);
  return sharedMs >= (gap.toMs - gap.fromMs) / 2 ? { ...gap, reason: 'held-up' } : gap;
}
