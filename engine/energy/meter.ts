import type { GapReason } from '../../shared/model/domain.ts';
import type { SourceReading } from '../sources/source.ts';
import { seeWatts } from './bounds.ts';
import { stepCounter } from './counter-step.ts';
import { flushMeter, type MeterOptions, type MeterState, type MeterStep } from './meter-state.ts';
import { stepHeld, stepPower } from './power-step.ts';

/** Without a reading for this long, a power sensor's silence becomes a gap even though none has ended it. */
const longestSilenceMs = 15_000;

/** After these the device may have started anew: nothing before them bears on what comes after. */
const isFinal = (reason: GapReason): boolean =>
  reason === 'lost' || reason === 'reset' || reason === 'restart' || reason === 'asleep' || reason === 'stuck';

/**
 * Advances one domain's meter by one reading: counter first, else power samples integrated as their window asks (an average covers the time
 * since the last sample as a rectangle, instant samples make a trapezoid). Energy in a gap is never invented: the gap is returned instead.
 * Formulas and their sources: docs/methodology.md, 'Energy of a domain'.
 */
export function stepMeter(state: MeterState, reading: SourceReading, options: MeterOptions): MeterStep {
  return stepBy(state, reading, reading.counterJoules, options);
}

/** The same by the power samples alone, whatever a counter says. */
export function stepSampledMeter(state: MeterState, reading: SourceReading, options: MeterOptions): MeterStep {
  return stepBy(state, reading, null, options);
}

function stepBy(
  state: MeterState,
  reading: SourceReading,
  counterJoules: number | null,
  options: MeterOptions,
): MeterStep {
  const newestMs = Math.max(
    state.accountedToMs ?? Number.NEGATIVE_INFINITY,
    state.lastAtMs ?? Number.NEGATIVE_INFINITY,
  );
  if (newestMs >= reading.atMs) return { state, intervals: [], gaps: [] };
  if (reading.missing !== null) return stepMissing(state, reading, reading.missing.reason, options);
  const checked = plausible(reading, options);
  const { powerWatts } = checked;
  const seeing = { ...state, seen: seeWatts(state.seen, checked) };
  // Below zero counts no energy, and neither does infinity: as if there were no counter.
  if (counterJoules !== null && counterJoules >= 0 && Number.isFinite(counterJoules))
    return stepCounter(seeing, checked, counterJoules, options);
  if (powerWatts === null)
    return stepMissing(state, checked, reading.powerWatts === null ? 'no-reading' : 'invalid', options);
  return stepPower(seeing, checked, powerWatts, options);
}

/** Without powers that cannot be. */
function plausible(reading: SourceReading, options: MeterOptions): SourceReading {
  const { powerWatts, instantWatts } = reading;
  if (isPlausible(powerWatts, options) && isPlausible(instantWatts, options)) return reading;
  return {
    ...reading,
    powerWatts: isPlausible(powerWatts, options) ? powerWatts : null,
    instantWatts: isPlausible(instantWatts, options) ? instantWatts : null,
  };
}

const isPlausible = (powerWatts: number | null, options: MeterOptions): boolean =>
  powerWatts === null || (Number.isFinite(powerWatts) && powerWatts >= 0 && powerWatts <= options.maxWatts);

function stepMissing(state: MeterState, reading: SourceReading, reason: GapReason, options: MeterOptions): MeterStep {
  if (state.accountedToMs === null)
    return { state: { ...state, accountedToMs: reading.atMs, pendingReason: reason }, intervals: [], gaps: [] };
  // What was said first stands, unless the device turns out to be gone.
  const pendingReason = isFinal(reason) ? reason : (state.pendingReason ?? reason);
  const pending = { ...state, pendingReason };
  // A counter goes on counting while reads of it fail, and rows that are late may still come: only the next reading tells how much is missing.
  const isLate = reason === 'timeout' || reason === 'failed';
  const mayBeTold = state.counter !== null || (isLate && reading.atMs - state.accountedToMs < longestSilenceMs);
  if (mayBeTold && !isFinal(reason)) return { state: pending, intervals: [], gaps: [] };
  const told = stepHeld(state, options);
  const flushed = flushMeter({ ...told.state, pendingReason }, reading.domain.id, reading.atMs, reason);
  return { ...flushed, intervals: told.intervals };
}
