import type { Stretch } from './stretch.ts';

/** Between which means over some 50 ms a counter's power lay lately, and what is too short yet to be one. */
export interface CounterSwing {
  readonly lowWatts: number;
  readonly highWatts: number;
  readonly gathered: Stretch;
}

/** A counter that is renewed every 10 ms steps by one renewal more or less in a shorter time. */
const leastSeconds = 0.05;
/** After this many means an extreme that did not come again has moved most of the way back: load comes in waves of seconds. */
const forgettingMeans = 600;
/** What was seen is not all there is: power may lie this much beyond it. */
const beyondRatio = 0.3;

/** Takes one step of a counter into the extremes; null until there was one mean. */
export function seeCounterStep(swing: CounterSwing | null, step: Stretch): CounterSwing {
  const gathered = {
    joules: (swing?.gathered.joules ?? 0) + step.joules,
    seconds: (swing?.gathered.seconds ?? 0) + step.seconds,
  };
  const known = swing ?? { lowWatts: Number.POSITIVE_INFINITY, highWatts: Number.NEGATIVE_INFINITY };
  if (gathered.seconds < leastSeconds) return { ...known, gathered };
  const watts = gathered.joules / gathered.seconds;
  const fade = (from: number): number => (Number.isFinite(from) ? from + (watts - from) / forgettingMeans : watts);
  return {
    lowWatts: Math.min(watts, fade(known.lowWatts)),
    highWatts: Math.max(watts, fade(known.highWatts)),
    gathered: { joules: 0, seconds: 0 },
  };
}

/** Whether power that was seen lately, or not far beyond it, gives so much energy. */
export function isWithinSwing(swing: CounterSwing, joules: number, seconds: number): boolean {
  const watts = joules / seconds;
  return watts >= swing.lowWatts * (1 - beyondRatio) && watts <= swing.highWatts * (1 + beyondRatio);
}
