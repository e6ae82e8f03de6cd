import { msFromSeconds } from '../../shared/units.ts';
import type { RuleStep } from './rule.ts';

/** Where a hold stands. Times are monotonic. */
export interface HoldState {
  readonly aboveSinceMs: number | null;
  readonly belowSinceMs: number | null;
  readonly isFiring: boolean;
}

export const initialHold: HoldState = { aboveSinceMs: null, belowSinceMs: null, isFiring: false };

export interface HoldReading {
  readonly atMs: number;
  /** Null: not known. */
  readonly isOver: boolean | null;
  /** Far enough back to count as over; between the two nothing counts. */
  readonly isBack: boolean;
  readonly holdSeconds: number;
  readonly clearSeconds: number;
}

/**
 * Fires when every reading for `holdSeconds` was over; clears when every reading for `clearSeconds` was back. What is not known proves neither: a hold
 * that was under way starts anew, what fires stays.
 */
export function stepHold(state: HoldState, reading: HoldReading): RuleStep<HoldState> {
  const { atMs, isOver } = reading;
  if (isOver === null)
    return {
      state: { aboveSinceMs: null, belowSinceMs: null, isFiring: state.isFiring },
      phase: state.isFiring ? 'firing' : 'armed',
    };
  const aboveSinceMs = isOver ? (state.aboveSinceMs ?? atMs) : null;
  const belowSinceMs = !isOver && reading.isBack ? (state.belowSinceMs ?? atMs) : null;
  const hasHeld = aboveSinceMs !== null && atMs - aboveSinceMs >= msFromSeconds(reading.holdSeconds);
  const hasCleared = belowSinceMs !== null && atMs - belowSinceMs >= msFromSeconds(reading.clearSeconds);
  const isFiring = state.isFiring ? !hasCleared : hasHeld;
  return {
    state: { aboveSinceMs, belowSinceMs, isFiring },
    phase: isFiring ? 'firing' : aboveSinceMs !== null ? 'counting' : 'armed',
  };
}
