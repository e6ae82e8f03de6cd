import type { Domain } from '../../../shared/model/domain.ts';
import { secondsFromMs } from '../../../shared/units.ts';
import { type SourceContext, type SourceReading, unknownValues } from '../source.ts';
import type { RuntimePower } from './runtime-power.ts';

export interface IdleRest {
  /** True while the card is left alone. `isWanted`: a process has come to it, or a run begins or ends now. */
  isResting(atMs: number, isWanted: boolean): boolean;
  /** To be told after each read. `isIdle`: it does nothing and nobody uses it. */
  told(atMs: number, isIdle: boolean, power: RuntimePower): void;
}

const restMs = 8000;
/** The longest time between two readings of a card that may sleep. */
export const longestRestSeconds = secondsFromMs(restMs);
/** One reading at 0 may be a pause between two steps of a run that nobody here may see. */
const idleBeforeMs = 10_000;

/**
 * A card that may sleep does so some seconds after its last use, and every read of its sensors is a use: read once a second it would never sleep. One that
 * was idle for 10 s and may sleep is therefore read every 8 s, if that is long enough for it; a card without sleep is never rested.
 */
export function createIdleRest(): IdleRest {
  let untilMs = Number.NEGATIVE_INFINITY;
  let idleSinceMs: number | null = null;
  return {
    isResting: (atMs, isWanted) => !isWanted && atMs < untilMs,
    told(atMs, isIdle, { control, autosuspendDelayMs }) {
      idleSinceMs = isIdle ? (idleSinceMs ?? atMs) : null;
      const isLongIdle = idleSinceMs !== null && atMs - idleSinceMs >= idleBeforeMs;
      const canFallAsleep = control === 'auto' && autosuspendDelayMs !== null && autosuspendDelayMs < restMs;
      untilMs = isLongIdle && canFallAsleep ? atMs + restMs : Number.NEGATIVE_INFINITY;
    },
  };
}

/** What is said of a device that sleeps: nothing is read, for that would wake it. */
export const asleep = (context: SourceContext, domain: Domain): SourceReading => ({
  domain,
  ...unknownValues,
  atMs: context.clock.monotonicMs(),
  error: { lowRatio: 1, highRatio: 1, offsetWatts: 0 },
  missing: { reason: 'asleep', note: 'It sleeps and is not woken to be measured.' },
});
