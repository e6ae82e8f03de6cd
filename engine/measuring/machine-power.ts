import { isSummed } from '../../shared/model/domain.ts';
import { knownIdleWatts } from '../attribution/idle-baseline.ts';
import type { ActiveRun } from '../runs/active-run.ts';
import { type DomainState, shownWatts } from './domain-state.ts';

/** A run's power now: the sum of its shares. */
export const runWatts = (run: ActiveRun): number =>
  [...run.ledger.watts.values()].reduce((sum, watts) => sum + watts, 0);

/** What the CPUs draw beyond idle now, in watts; null where neither is known. */
export function activeCpuWatts(states: Iterable<DomainState>): number | null {
  let sum: number | null = null;
  for (const state of states) {
    const watts = shownWatts(state);
    const idleWatts = state.reading?.idleWatts ?? knownIdleWatts(state.idle) ?? state.lowestWatts;
    if (state.domain.kind !== 'cpu' || watts === null || idleWatts === null) continue;
    sum = (sum ?? 0) + Math.max(0, watts - idleWatts);
  }
  return sum;
}

/** The machine's power now: the sum of its domains that do not lie inside one another. */
export function machinePower(states: Iterable<DomainState>): {
  readonly powerWatts: number | null;
  readonly isLowerBound: boolean;
} {
  let powerWatts: number | null = null;
  let isLowerBound = false;
  for (const state of states) {
    if (!isSummed(state.domain.kind) || state.reading === null) continue;
    const watts = shownWatts(state);
    if (watts === null) isLowerBound = true;
    else powerWatts = (powerWatts ?? 0) + watts;
  }
  return { powerWatts, isLowerBound };
}
