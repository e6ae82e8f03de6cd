import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import type { SourceReading } from '../sources/source.ts';
import { cutVarianceAt, sampleVariance, swingOf, windowVariance } from './bounds.ts';
import { energyPart } from './energy-part.ts';
import type { CoursePoint, Interval } from './interval.ts';
import type { PowerSample } from './mean-power.ts';
import {
  gapOf,
  intervalOf,
  isHole,
  type MeterOptions,
  type MeterState,
  type MeterStep,
  noCourse,
  wattsOf,
} from './meter-state.ts';

/** A counter that has not moved, or was not read, for this long while power is drawn stands still: the power samples count instead, or where there are none, nothing does. */
export const stillCounterMs = 3000;

/** A quarter of a window, or this much: what may lie between two windows without being a gap. */
const leastGapMs = 100;

/**
 * A reading with power: a rectangle over its window, or a trapezoid between two moments. Means that come before their window is over, as at a run's beginning
 * and end, leave the tiles of windows as they are, which lie end to end and miss nothing, and tell how the energy of theirs went.
 */
export function stepPower(
  state: MeterState,
  reading: SourceReading,
  powerWatts: number,
  options: MeterOptions,
): MeterStep {
  if (state.counter !== null) {
    // A counter that cannot be read goes on counting: its next value tells the most.
    if (reading.atMs - state.counter.atMs < stillCounterMs) return holdBack(state, reading);
    return stepStanding(state, reading, powerWatts, options);
  }
  const windowMs = msFromSeconds(reading.powerWindowSeconds);
  const startMs = state.accountedToMs;
  if (startMs === null || options.periodMs < leastTileRatio * windowMs || windowMs === 0)
    return stepPowerTo(state, reading, powerWatts, options);
  const held = state.held.filter(({ atMs }) => atMs > startMs);
  if (isEarly(state, reading, windowMs))
    return {
      state: {
        ...state,
        held: [...held, reading],
        lastAtMs: reading.atMs,
        lastPowerWatts: powerWatts,
        pendingReason: null,
      },
      intervals: [],
      gaps: [],
    };
  const farMs = ({ atMs }: SourceReading): number => Math.abs(atMs - startMs - windowMs);
  const nearest = held.reduce((best, one) => (farMs(one) <= farMs(best) ? one : best), reading);
  const before = held.filter(({ atMs }) => atMs < nearest.atMs);
  const tile = stepPowerTo({ ...state, held: before }, nearest, nearest.powerWatts ?? powerWatts, options);
  const after = [...held, reading].filter(({ atMs }) => atMs > nearest.atMs);
  return after.reduce((step, one) => {
    const next = stepPower(step.state, one, one.powerWatts ?? powerWatts, options);
    return { state: next.state, intervals: [...step.intervals, ...next.intervals], gaps: [...step.gaps, ...next.gaps] };
  }, tile);
}

/** Kept until something tells what was drawn. */
export const holdBack = (state: MeterState, reading: SourceReading): MeterStep => ({
  state: {
    ...state,
    held: reading.powerWatts === null ? state.held : [...state.held, reading],
    lastAtMs: reading.atMs,
    pendingReason: null,
  },
  intervals: [],
  gaps: [],
});

/** A regular reading may come so much before its window is over, and is its end all the same; one right after another waits for the better one. */
const leastTileRatio = 0.9;
const wholeTileRatio = 0.98;

/** Whether a mean's window began before what is accounted for ends: by much, or by little and right after another reading. */
function isEarly(state: MeterState, reading: SourceReading, windowMs: number): boolean {
  const tileMs = reading.atMs - (state.accountedToMs ?? Number.NEGATIVE_INFINITY);
  const spacingMs = reading.atMs - (state.lastAtMs ?? Number.NEGATIVE_INFINITY);
  return tileMs < (spacingMs < leastTileRatio * windowMs ? wholeTileRatio : leastTileRatio) * windowMs;
}

/** The time that a counter stood still, by the power samples that came meanwhile and this one. */
export function stepStanding(
  state: MeterState,
  reading: SourceReading,
  powerWatts: number,
  options: MeterOptions,
): MeterStep {
  const before: MeterState = { ...state, counter: null, held: [], lastAtMs: state.accountedToMs };
  const samples = [...state.held.filter(({ atMs }) => atMs > (state.accountedToMs ?? atMs)), reading];
  const leftOutJoules = leftOutOfLastStep(state, options);
  const told = samples.reduce<MeterStep>(
    (step, one) => {
      const next = stepPowerTo(step.state, one, one.powerWatts ?? powerWatts, options);
      return {
        state: next.state,
        intervals: [...step.intervals, ...next.intervals],
        gaps: [...step.gaps, ...next.gaps],
      };
    },
    { state: before, intervals: [], gaps: [] },
  );
  const [first, ...others] = told.intervals;
  if (first === undefined || leftOutJoules === 0) return told;
  return { ...told, intervals: [{ ...first, highJoules: first.highJoules + leftOutJoules }, ...others] };
}

/** The most that a counter which stopped somewhere within its last step may not have counted of it; 0 once samples have told of the time since. */
function leftOutOfLastStep({ counter, lastMeanWatts, seen }: MeterState, options: MeterOptions): number {
  if (lastMeanWatts === null || (counter?.creditedJoules ?? 0) > 0) return 0;
  const { highWatts } = swingOf(seen, lastMeanWatts);
  return (highWatts - lastMeanWatts) * secondsFromMs(options.periodMs);
}

/** What was held back for a window to be over is told now: a gap follows. */
export function stepHeld(state: MeterState, options: MeterOptions): MeterStep {
  const last = state.held.at(-1);
  if (last === undefined || last.powerWatts === null || last.atMs <= (state.accountedToMs ?? last.atMs))
    return { state, intervals: [], gaps: [] };
  return stepPowerTo(state, last, last.powerWatts, options);
}

/** The same, at once, whatever the window: for time that nothing else will tell of. */
export function stepPowerTo(
  state: MeterState,
  reading: SourceReading,
  powerWatts: number,
  options: MeterOptions,
): MeterStep {
  const windowMs = msFromSeconds(reading.powerWindowSeconds);
  const startMs = state.accountedToMs ?? reading.atMs - windowMs;
  const uncoveredMs = reading.atMs - windowMs - startMs;
  const isGap = isHole(state, reading, options) && uncoveredMs > Math.max(leastGapMs, windowMs / 4);
  const fromMs = isGap ? reading.atMs - windowMs : startMs;
  const toMs = options.periodMs < leastTileRatio * windowMs ? ownEndMs(state, reading, windowMs) : reading.atMs;
  const isOneWatts = isGap || (windowMs > 0 && !hasRested(state, reading, options));
  const beforeWatts = isOneWatts ? powerWatts : (state.lastPowerWatts ?? powerWatts);
  const interval = toMs <= fromMs ? null : powerInterval(state, reading, { fromMs, toMs, beforeWatts, powerWatts });
  return {
    state: {
      ...state,
      accountedToMs: Math.max(toMs, fromMs),
      lastAtMs: reading.atMs,
      lastPowerWatts: powerWatts,
      lastMeanWatts: interval === null ? state.lastMeanWatts : wattsOf(interval),
      counter: null,
      held: [],
      tile: interval === null ? state.tile : windowMs > 0 ? interval : null,
      pendingReason: null,
    },
    intervals: interval === null ? [] : [interval],
    gaps: isGap ? [{ ...gapOf(state, reading, 'no-reading', false), toMs: fromMs }] : [],
  };
}

interface PowerSpan {
  readonly fromMs: number;
  readonly toMs: number;
  /** Power at its beginning and at its end. */
  readonly beforeWatts: number;
  readonly powerWatts: number;
}

function powerInterval(state: MeterState, reading: SourceReading, span: PowerSpan): Interval {
  const { fromMs, toMs, beforeWatts, powerWatts } = span;
  const seconds = secondsFromMs(toMs - fromMs);
  const joules = ((beforeWatts + powerWatts) / 2) * seconds;
  return intervalOf(state, reading, span, {
    joules,
    varianceJoules2:
      reading.powerWindowSeconds > 0
        ? windowVariance(seconds, reading, state.seen)
        : sampleVariance(seconds, beforeWatts, powerWatts),
    provenance: reading.domain.provenance === 'counter' ? 'sensor' : reading.domain.provenance,
    course: courseOf(state, reading, { fromMs, toMs, joules }),
  });
}

/**
 * How the energy of a tile went, by the means that ended within it: each is the energy since the same moment of the tile before, so what came after that
 * there is taken off. Exact for a load that begins or ends within the tile and was steady in the one before; else as open as that is.
 */
function courseOf(
  { held, tile }: MeterState,
  reading: SourceReading,
  { fromMs, toMs, joules }: Pick<Interval, 'fromMs' | 'toMs' | 'joules'>,
): readonly CoursePoint[] {
  if (tile === null || tile.toMs !== fromMs) return noCourse;
  const means = [...held.flatMap((one) => [...one.earlierMeans, endingMean(one)]), ...reading.earlierMeans].filter(
    ({ atMs }) => atMs > fromMs && atMs < toMs,
  );
  if (means.length === 0) return noCourse;
  let beforeJoules = 0;
  return means.map(({ atMs, watts }) => {
    const sinceMs = atMs - msFromSeconds(reading.powerWindowSeconds);
    const told = watts * reading.powerWindowSeconds - tile.joules * energyPart(tile, sinceMs, tile.toMs);
    beforeJoules = Math.min(joules, Math.max(beforeJoules, told));
    return { atMs, joules: beforeJoules, varianceJoules2: cutVarianceAt(tile, sinceMs) };
  });
}

const endingMean = ({ atMs, powerWatts }: SourceReading): PowerSample => ({ atMs, watts: powerWatts ?? 0 });

/** A device that was left alone to sleep did nothing at the reading before, and is read again because it does something now: neither speaks for all between. */
const hasRested = (state: MeterState, reading: SourceReading, options: MeterOptions): boolean =>
  reading.restSeconds > 0 && state.lastAtMs !== null && reading.atMs - state.lastAtMs > options.longestStepMs;

/**
 * The end of the time that a sample speaks for. Windows of one second read every 0.3 s overlap: each then owns the 0.3 s around its middle, so that
 * power is booked when it was drawn and not half a window later.
 */
function ownEndMs(state: MeterState, reading: SourceReading, windowMs: number): number {
  const spacingMs = state.lastAtMs === null ? Number.POSITIVE_INFINITY : reading.atMs - state.lastAtMs;
  return spacingMs < 0.9 * windowMs ? reading.atMs - (windowMs - spacingMs) / 2 : reading.atMs;
}
