import type { Stretch } from './stretch.ts';

/** Between which means over some 50 ms a counter's power lay lately, and what is too short yet to be one. */
export interface CounterSwing {
  readonly lowWatts: number;
  readonly highWatts: number;
  /** The newest of these means; null before the first. */
  readonly lastWatts: number | null;
  readonly gathered: Stretch;
}

/** A counter that is renewed every 10 ms steps by one renewal more or less in a shorter time. */
const leastSeconds = 0.05;
/** After this many means an extreme that did not come again has moved most of the way back: load comes in waves of seconds. */
const forgettingMeans = 600;
/** What was seen is not all there is: power may lie this much beyond it. */
const beyondRatio = 0.3;

const unknownSwing = {
  lowWatts: Number.POSITIVE_INFINITY,
  highWatts: Number.NEGATIVE_INFINITY,
  lastWatts: null,
} as const;

/** Takes one step of a counter into the extremes; null until there was one mean. */
export function seeCounterStep(swing: CounterSwing | null, step: Stretch): CounterSwing {
  const gathered = {
    joules: (swing?.gathered.joules ?? 0) + step.joules,
    seconds: (swing?.gathered.seconds ?? 0) + step.seconds,
  };
  const known = swing ?? unknownSwing;
  if (gathered.seconds < leastSeconds) return { ...known, gathered };
  const watts = gathered.joules / gathered.seconds;
  const fade = (from: number): number => (Number.isFinite(from) ? from + (watts - from) / forgettingMeans : watts);
  return {
    lowWatts: Math.min(watts, fade(known.lowWatts)),
    highWatts: Math.max(watts, fade(known.highWatts)),
    lastWatts: watts,
    gathered: { joules: 0, seconds: 0 },
  };
}

/** Whether power that was seen lately, or not far beyond it, gives so much energy in a time known to `openSeconds`. */
export function isWithinSwing(swing: CounterSwing, joules: number, step: StepTime): boolean {
  return joules >= swing.lowWatts * (1 - beyondRatio) * shortest(step) && !isAboveSwing(swing, joules, step);
}

/** Whether so much energy needs more power than was seen lately. */
const isAboveSwing = (swing: CounterSwing, joules: number, step: StepTime): boolean =>
  joules > swing.highWatts * (1 + beyondRatio) * longest(step);

/** Whether so much energy is more than any time that this step lies within can have held, by what was seen lately: a step may be shorter than a mean and hold a short burst. */
export const isBeyondSwing = (swing: CounterSwing, joules: number, step: StepTime): boolean =>
  swing.lastWatts !== null && joules > swing.highWatts * (1 + beyondRatio) * Math.max(leastSeconds, longest(step));

/** How far a power lies outside of what was seen lately; 0 within. */
export const wattsBeyond = (swing: CounterSwing, watts: number): number =>
  Math.max(0, swing.lowWatts - watts, watts - swing.highWatts);

/** A step's time; its values may be older than their moments by `openSeconds`. */
interface StepTime {
  readonly seconds: number;
  readonly openSeconds: number;
}

const shortest = ({ seconds, openSeconds }: StepTime): number => Math.max(0, seconds - openSeconds);

const longest = ({ seconds, openSeconds }: StepTime): number => seconds + openSeconds;
