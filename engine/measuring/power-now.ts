import { secondsFromMs } from '../../shared/units.ts';
import type { Interval } from '../energy/interval.ts';
import { gatherStretch, type Stretch } from '../energy/stretch.ts';
import { leastShownSeconds } from '../runs/run-ledger.ts';
import type { LearnedFacts } from '../sources/source.ts';
import type { DomainState } from './domain-state.ts';
import { learnIdleFrom } from './observe-domain.ts';

/** What domains draw now, of the newest intervals of their energy; what they draw with nothing to do is learned from the same. */
export interface PowerNow {
  show(state: DomainState, interval: Interval): void;
  /** Nothing is known of now. */
  forget(state: DomainState): void;
  /** What took longer, as the time of a hang that a counter bridges, tells neither the power now nor that of a device with nothing to do. */
  longestSeconds(): number;
}

const leastLongestSeconds = 10;
const longestPeriods = 3;

export function createPowerNow(options: {
  readonly learned: LearnedFacts;
  readonly periodSeconds: () => number;
  readonly loadRatio: () => number | null;
}): PowerNow {
  const gathered = new Map<string, Stretch>();
  const longestSeconds = (): number => Math.max(leastLongestSeconds, longestPeriods * options.periodSeconds());

  function forget(state: DomainState): void {
    state.intervalWatts = null;
    gathered.delete(state.domain.id);
  }

  return {
    longestSeconds,
    forget,
    show(state, { joules, fromMs, toMs }) {
      const seconds = secondsFromMs(toMs - fromMs);
      if (seconds > longestSeconds()) return forget(state);
      const stretch = gatherStretch(gathered, state.domain.id, { joules, seconds }, leastShownSeconds);
      if (stretch === null) {
        if (state.intervalWatts === null && seconds > 0) state.intervalWatts = joules / seconds;
        return;
      }
      const watts = stretch.joules / stretch.seconds;
      state.intervalWatts = watts;
      state.lowestWatts = Math.min(state.lowestWatts ?? watts, watts);
      learnIdleFrom(state, stretch, { loadRatio: options.loadRatio(), learned: options.learned });
    },
  };
}
