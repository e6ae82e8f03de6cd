import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import type { SourceReading } from '../sources/source.ts';
import { sampleVariance, windowVariance } from './bounds.ts';
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
  const next: MeterState = {
    ...state,
    accountedToMs: Math.max(toMs, fromMs),
    lastAtMs: reading.atMs,
    lastPowerWatts: powerWatts,
    counter: null,
    pendingReason: null,
  };
  const gaps = isGap ? [{ ...gapOf(state, reading, 'no-reading', false), toMs: fromMs }] : [];
  if (toMs <= fromMs) return { state: next, intervals: [], gaps };
  const isOneWatts = isGap || (windowMs > 0 && !hasRested(state, reading, options));
  const beforeWatts = isOneWatts ? powerWatts : (state.lastPowerWatts ?? powerWatts);
  const seconds = secondsFromMs(toMs - fromMs);
  const provenance = reading.domain.provenance === 'counter' ? 'sensor' : reading.domain.provenance;
  const interval = intervalOf(state, { ...reading, atMs: toMs }, fromMs, {
    joules: ((beforeWatts + powerWatts) / 2) * seconds,
    varianceJoules2:
      windowMs > 0 ? windowVariance(seconds, reading, state.seen) : sampleVariance(seconds, beforeWatts, powerWatts),
    provenance,
  });
  return { state: { ...next, lastMeanWatts: wattsOf(interval) }, intervals: [interval], gaps };
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
