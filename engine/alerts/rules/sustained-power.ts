import { msFromSeconds } from '../../../shared/units.ts';
import { defineRule } from '../rule.ts';

interface State {
  readonly aboveSinceMs: number | null;
  readonly belowSinceMs: number | null;
  readonly isFiring: boolean;
}

/**
 * Fires when every reading for `holdSeconds` was above `limitWatts`; clears when every reading for `clearSeconds` was at or below it. A missing
 * reading proves neither: a hold that was under way starts anew, a firing alert stays.
 */
export const sustainedPower = defineRule<State>({
  descriptor: {
    kind: 'sustained-power',
    label: 'Power stays above a limit',
    nameTemplate: 'Power above {limitWatts} W for {holdSeconds} s',
    scopes: ['machine', 'any-gpu', 'domain'],
    fields: [
      { key: 'limitWatts', label: 'Fires above', unit: 'W', min: 1, max: 1_000_000, step: 1, defaultValue: 300 },
      { key: 'holdSeconds', label: 'for', unit: 's', min: 0, max: 86_400, step: 1, defaultValue: 30 },
      {
        key: 'clearSeconds',
        label: 'Clears after below for',
        unit: 's',
        min: 0,
        max: 86_400,
        step: 1,
        defaultValue: 10,
      },
    ],
  },
  initial: { aboveSinceMs: null, belowSinceMs: null, isFiring: false },
  limitWatts: (params) => params.limitWatts ?? null,
  step(state, { atMs, powerWatts }, params) {
    if (powerWatts === null)
      return {
        state: { ...state, aboveSinceMs: null, belowSinceMs: null },
        phase: state.isFiring ? 'firing' : 'armed',
      };
    const isAbove = powerWatts > (params.limitWatts ?? Number.POSITIVE_INFINITY);
    const aboveSinceMs = isAbove ? (state.aboveSinceMs ?? atMs) : null;
    const belowSinceMs = isAbove ? null : (state.belowSinceMs ?? atMs);
    const hasHeld = aboveSinceMs !== null && atMs - aboveSinceMs >= msFromSeconds(params.holdSeconds ?? 0);
    const hasCleared = belowSinceMs !== null && atMs - belowSinceMs >= msFromSeconds(params.clearSeconds ?? 0);
    const isFiring = state.isFiring ? !hasCleared : hasHeld;
    return {
      state: { aboveSinceMs, belowSinceMs, isFiring },
      phase: isFiring ? 'firing' : aboveSinceMs !== null ? 'counting' : 'armed',
    };
  },
});
