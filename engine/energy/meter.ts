import type { GapReason, Provenance } from '../../shared/model/domain.ts';
import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import type { SensorError, SourceReading } from '../sources/source.ts';

/** Energy of one domain over one stretch of monotonic time. `lowJoules ≤ joules ≤ highJoules`. */
export interface Interval {
  readonly domainId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly joules: number;
  readonly lowJoules: number;
  readonly highJoules: number;
  readonly provenance: Provenance;
}

export interface MeterGap {
  readonly domainId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: GapReason;
}

/** What one domain's meter remembers between readings. All times monotonic. */
export interface MeterState {
  /** End of the time accounted for, as energy or as gap; null before the first reading. */
  readonly accountedToMs: number | null;
  readonly lastPowerWatts: number | null;
  /** `creditedJoules`: what power samples gave for the time that it stood still. */
  readonly counter: { readonly joules: number; readonly atMs: number; readonly creditedJoules: number } | null;
  /** Why there was no reading the last time, in a gap or while a counter may still tell what was drawn meanwhile; null after a reading. */
  readonly pendingReason: GapReason | null;
}

export interface MeterStep {
  readonly state: MeterState;
  readonly intervals: readonly Interval[];
  readonly gaps: readonly MeterGap[];
}

export interface MeterOptions {
  /** A step longer than this is a gap: max(3 × sampling period, 10 s). */
  readonly maxStepMs: number;
  /** More than the domain can draw: a counter step that needs it is a reset, a sample above it is invalid. */
  readonly maxWatts: number;
}

export const initialMeter: MeterState = {
  accountedToMs: null,
  lastPowerWatts: null,
  counter: null,
  pendingReason: null,
};

/** Counters step every 20 to 100 ms: this much of the time before may come in one step. */
const counterStepSeconds = 0.25;

/** A counter that has not moved for this long while power is drawn stands still: the power samples count instead. */
const stillCounterMs = 3000;

/**
 * Advances one domain's meter by one reading: counter first, else power samples integrated as their window asks (an average covers the time
 * since the last sample as a rectangle, instant samples make a trapezoid). Energy in a gap is never invented: the gap is returned instead.
 * Formulas and their sources: docs/methodology.md, 'Energy of a domain'.
 */
export function stepMeter(state: MeterState, reading: SourceReading, options: MeterOptions): MeterStep {
  if (state.accountedToMs !== null && reading.atMs <= state.accountedToMs) return { state, intervals: [], gaps: [] };
  if (reading.missing !== null) return stepMissing(state, reading, reading.missing.reason);
  const powerWatts = isPlausible(reading.powerWatts, options) ? reading.powerWatts : null;
  const checked = powerWatts === reading.powerWatts ? reading : { ...reading, powerWatts };
  if (checked.counterJoules !== null) return stepCounter(state, checked, checked.counterJoules, options);
  if (checked.powerWatts === null)
    return stepMissing(state, checked, reading.powerWatts === null ? 'no-reading' : 'invalid');
  return stepPower(state, checked, checked.powerWatts, options);
}

/** Ends a stretch without readings at `atMs`, as a gap. For a run's end, a suspend, or a source that went away. */
export function flushMeter(state: MeterState, domainId: string, atMs: number, reason: GapReason): MeterStep {
  if (state.accountedToMs === null || atMs <= state.accountedToMs) return { state, intervals: [], gaps: [] };
  return {
    state: { accountedToMs: atMs, lastPowerWatts: null, counter: null, pendingReason: state.pendingReason ?? reason },
    intervals: [],
    gaps: [{ domainId, fromMs: state.accountedToMs, toMs: atMs, reason: state.pendingReason ?? reason }],
  };
}

const isPlausible = (powerWatts: number | null, options: MeterOptions): boolean =>
  powerWatts === null || (Number.isFinite(powerWatts) && powerWatts >= 0 && powerWatts <= options.maxWatts);

function stepMissing(state: MeterState, reading: SourceReading, reason: GapReason): MeterStep {
  if (state.accountedToMs === null)
    return { state: { ...state, accountedToMs: reading.atMs }, intervals: [], gaps: [] };
  // A counter goes on counting while one read of it fails; a lost or reset device starts its counter anew.
  const isBridgeable =
    state.counter !== null && (reason === 'failed' || reason === 'timeout' || reason === 'no-reading');
  if (isBridgeable)
    return { state: { ...state, pendingReason: state.pendingReason ?? reason }, intervals: [], gaps: [] };
  return flushMeter(
    { ...state, pendingReason: state.pendingReason ?? reason },
    reading.domain.id,
    reading.atMs,
    reason,
  );
}

function stepCounter(
  state: MeterState,
  reading: SourceReading,
  counterJoules: number,
  options: MeterOptions,
): MeterStep {
  const counter = { joules: counterJoules, atMs: reading.atMs, creditedJoules: 0 };
  if (state.counter === null) {
    // Nothing to subtract from yet: the time before belongs to the power samples if there are any.
    const before =
      reading.powerWatts === null || state.accountedToMs === null
        ? null
        : stepPower(state, reading, reading.powerWatts, options);
    const gaps = before?.gaps ?? (state.accountedToMs === null ? [] : [gapOf(state, reading, 'no-reading')]);
    return {
      state: { accountedToMs: reading.atMs, lastPowerWatts: reading.powerWatts, counter, pendingReason: null },
      intervals: before?.intervals ?? [],
      gaps,
    };
  }
  const elapsedMs = reading.atMs - state.counter.atMs;
  const deltaJoules = counterDelta(state.counter.joules, counterJoules, reading.counterRangeJoules, elapsedMs, options);
  const next: MeterState = {
    accountedToMs: reading.atMs,
    lastPowerWatts: reading.powerWatts,
    counter,
    pendingReason: null,
  };
  if (deltaJoules === null || elapsedMs > options.maxStepMs) {
    const withoutCounter: MeterState = { ...state, counter: null };
    if (deltaJoules === null && reading.powerWatts !== null && state.lastPowerWatts !== null) {
      return { ...stepPower(withoutCounter, reading, reading.powerWatts, options), state: next };
    }
    return { state: next, intervals: [], gaps: [gapOf(state, reading, deltaJoules === null ? 'reset' : 'no-reading')] };
  }
  if (deltaJoules === 0 && (reading.powerWatts ?? 0) > 1) return stepStill(state, reading, next, options);
  const fromMs = state.accountedToMs ?? state.counter.atMs;
  // A counter that stood still may catch up at once: what power samples gave meanwhile is in that step again.
  const { creditedJoules } = state.counter;
  const joules = Math.max(0, deltaJoules - creditedJoules);
  return {
    state: deltaJoules > 0 ? next : { ...next, counter: { ...counter, creditedJoules } },
    intervals: [intervalOf(reading, fromMs, joules, 'counter')],
    gaps: [],
  };
}

/** The counter did not move though power is drawn: wait for it a while, then let the power samples speak for that stretch. */
function stepStill(state: MeterState, reading: SourceReading, next: MeterState, options: MeterOptions): MeterStep {
  const counterAtMs = state.counter?.atMs ?? reading.atMs;
  if (reading.atMs - counterAtMs < stillCounterMs) return { state, intervals: [], gaps: [] };
  const integrated = stepPower(
    { ...state, lastPowerWatts: state.lastPowerWatts ?? reading.powerWatts },
    reading,
    reading.powerWatts ?? 0,
    options,
  );
  const creditedJoules = integrated.intervals.reduce(
    (sum, interval) => sum + interval.joules,
    state.counter?.creditedJoules ?? 0,
  );
  return { ...integrated, state: { ...next, counter: next.counter && { ...next.counter, creditedJoules } } };
}

/** Joules between two readings of a counter; null where it was reset or more than one wrap may lie between. */
function counterDelta(
  fromJoules: number,
  toJoules: number,
  rangeJoules: number | null,
  elapsedMs: number,
  options: MeterOptions,
): number | null {
  const mostJoules = options.maxWatts * (secondsFromMs(elapsedMs) + counterStepSeconds);
  const rawJoules = toJoules - fromJoules;
  if (rawJoules >= 0) return rawJoules <= mostJoules ? rawJoules : null;
  if (rangeJoules === null || mostJoules >= rangeJoules) return null;
  const wrappedJoules = rawJoules + rangeJoules;
  return wrappedJoules >= 0 && wrappedJoules <= mostJoules ? wrappedJoules : null;
}

function stepPower(state: MeterState, reading: SourceReading, powerWatts: number, options: MeterOptions): MeterStep {
  const next: MeterState = {
    accountedToMs: reading.atMs,
    lastPowerWatts: powerWatts,
    counter: null,
    pendingReason: null,
  };
  const windowMs = msFromSeconds(reading.powerWindowSeconds);
  const provenance = reading.domain.provenance === 'counter' ? 'sensor' : reading.domain.provenance;
  const elapsedMs = state.accountedToMs === null ? Number.POSITIVE_INFINITY : reading.atMs - state.accountedToMs;
  if (elapsedMs <= options.maxStepMs && state.pendingReason === null) {
    const fromMs = reading.atMs - elapsedMs;
    const meanWatts =
      windowMs > 0 || state.lastPowerWatts === null ? powerWatts : (state.lastPowerWatts + powerWatts) / 2;
    return {
      state: next,
      intervals: [intervalOf(reading, fromMs, meanWatts * secondsFromMs(elapsedMs), provenance)],
      gaps: [],
    };
  }
  // Too long without a sample, or the first after a gap: only the window of this one is known.
  const fromMs = Math.max(reading.atMs - windowMs, state.accountedToMs ?? Number.NEGATIVE_INFINITY);
  const joules = powerWatts * secondsFromMs(reading.atMs - fromMs);
  const intervals = windowMs > 0 ? [intervalOf(reading, fromMs, joules, provenance)] : [];
  const isAfter = state.accountedToMs !== null && fromMs > state.accountedToMs;
  const gaps = isAfter ? [{ ...gapOf(state, reading, 'no-reading'), toMs: fromMs }] : [];
  return { state: next, intervals, gaps };
}

function gapOf(state: MeterState, reading: SourceReading, reason: GapReason): MeterGap {
  return {
    domainId: reading.domain.id,
    fromMs: state.accountedToMs ?? reading.atMs,
    toMs: reading.atMs,
    reason: state.pendingReason ?? reason,
  };
}

function intervalOf(reading: SourceReading, fromMs: number, joules: number, provenance: Provenance): Interval {
  const seconds = secondsFromMs(reading.atMs - fromMs);
  return {
    domainId: reading.domain.id,
    fromMs,
    toMs: reading.atMs,
    joules,
    ...boundsOf(joules, seconds, reading.error),
    provenance,
  };
}

/** Low and high energy by the sensor's documented error; never below 0. */
export function boundsOf(
  joules: number,
  seconds: number,
  error: SensorError,
): { readonly lowJoules: number; readonly highJoules: number } {
  return {
    lowJoules: Math.max(0, joules * error.lowRatio - error.offsetWatts * seconds),
    highJoules: joules * error.highRatio + error.offsetWatts * seconds,
  };
}
