import type { GapReason } from '../../shared/model/domain.ts';
import type { SourceReading } from '../sources/source.ts';
import { seeWatts } from './bounds.ts';
import { stepCounter } from './counter-step.ts';
import { flushMeter, type MeterOptions, type MeterState, type MeterStep } from './meter-state.ts';
import { stepHeld, stepPower } from './power-step.ts';

/** Without a reading for this long, a power sensor's silence becomes a gap even though none has ended it. */
const longestSilenceMs = 10_000;

/** After these the device may have started anew: nothing before them bears on what comes after. */
const isFinal = (reason: GapReason): boolean =>
  reason === 'lost' ||
  reason === 'reset' ||
  reason === 'permission' ||
  reason === 'restart' ||
  reason === 'asleep' ||
  reason === 'stuck';

/**
 * Advances one domain's meter by one reading: counter first, else power samples integrated as their window asks (an average covers the time
 * since the last sample as a rectangle, instant samples make a trapezoid). Energy in a gap is never invented: the gap is returned instead.
 * Formulas and their sources: docs/methodology.md, 'Energy of a domain'.
 */
export function stepMeter(state: MeterState, reading: SourceReading, options: MeterOptions): MeterStep {
  const newestMs = Math.max(...[state.accountedToMs, state.lastAtMs].filter((atMs) => atMs !== null));
  if (newestMs >= reading.atMs) return { state, intervals: [], gaps: [] };
  if (reading.missing !== null) return stepMissing(state, reading, reading.missing.reason, options);
  const powerWatts = isPlausible(reading.powerWatts, options) ? reading.powerWatts : null;
  const instantWatts = isPlausible(reading.instantWatts, options) ? reading.instantWatts : null;
  const checked: SourceReading = { ...reading, powerWatts, instantWatts };
  const seeing = { ...state, seen: seeWatts(state.seen, checked) };
  // Below zero counts no energy, and neither does infinity: as if there were no counter.
  if (checked.counterJoules !== null && checked.counterJoules >= 0 && Number.isFinite(checked.counterJoules))
    return stepCounter(seeing, checked, checked.counterJoules, options);
  if (powerWatts === null)
    return stepMissing(state, checked, reading.powerWatts === null ? 'no-reading' : 'invalid', options);
  return stepPower(seeing, checked, powerWatts, options);
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
