import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import type { SourceReading } from '../sources/source.ts';
import { sampleVariance, windowVariance } from './bounds.ts';
import type { Interval } from './interval.ts';
import {
  gapOf,
  intervalOf,
  isHole,
  type MeterOptions,
  type MeterState,
  type MeterStep,
  wattsOf,
} from './meter-state.ts';

/** A quarter of a window, or this much: what may lie between two windows without being a gap. */
const leastGapMs = 100;

/** A reading with power: a rectangle over its window, or a trapezoid between two moments. */
export function stepPower(
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
  const toMs = ownEndMs(state, reading, windowMs);
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
  return intervalOf(state, reading, span, {
    joules: ((beforeWatts + powerWatts) / 2) * seconds,
    varianceJoules2:
      reading.powerWindowSeconds > 0
        ? windowVariance(seconds, reading, state.seen)
        : sampleVariance(seconds, beforeWatts, powerWatts),
    provenance: reading.domain.provenance === 'counter' ? 'sensor' : reading.domain.provenance,
  });
}

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
