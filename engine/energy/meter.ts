import type { GapReason, Provenance } from '../../shared/model/domain.ts';
import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import type { SourceReading } from '../sources/source.ts';
import { boundsOf, type SeenWatts, sampleVariance, seeWatts, swingOf, windowVariance } from './bounds.ts';
import { counterDelta } from './counter-delta.ts';
import { type CounterSwing, seeCounterStep } from './counter-swing.ts';
import type { PowerSample } from './mean-power.ts';

/** Energy of one domain over one stretch of monotonic time. `lowJoules ≤ joules ≤ highJoules`. */
export interface Interval {
  readonly domainId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly joules: number;
  /** By the sensor's documented error or the model's spread alone, which do not average out. */
  readonly lowJoules: number;
  readonly highJoules: number;
  /** J²: what sampling leaves open, independent from one interval to the next. */
  readonly varianceJoules2: number;
  /** Between these the power lay lately, at any moment: for a cut through the interval. */
  readonly lowWatts: number;
  readonly highWatts: number;
  /** Instant power within it, in the order of time; empty where only the whole is known. */
  readonly samples: readonly PowerSample[];
  /** The most that the readings at its ends may be off their times. */
  readonly lagSeconds: number;
  readonly provenance: Provenance;
}

/** `isBridged`: nothing was read, but what was drawn meanwhile is known by the counter's difference, or by the power samples where the counter was reset. */
export interface MeterGap {
  readonly domainId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: GapReason;
  readonly isBridged: boolean;
}

interface CounterState {
  readonly joules: number;
  readonly atMs: number;
  readonly lagSeconds: number;
  /** What power samples gave for the time that it stood still. */
  readonly creditedJoules: number;
}

/** What one domain's meter remembers between readings. All times monotonic. */
export interface MeterState {
  /** End of the time accounted for, as energy or as gap; null before the first reading. */
  readonly accountedToMs: number | null;
  /** Time of the newest reading that had a value. */
  readonly lastAtMs: number | null;
  readonly lastPowerWatts: number | null;
  /** Mean power of the newest interval. */
  readonly lastMeanWatts: number | null;
  readonly seen: SeenWatts | null;
  readonly counter: CounterState | null;
  /** Of a counter that wraps: null before its first step. */
  readonly swing: CounterSwing | null;
  /** Why there was no reading lately, while the next one may still tell what was drawn meanwhile; null after a reading. */
  readonly pendingReason: GapReason | null;
}

export interface MeterStep {
  readonly state: MeterState;
  readonly intervals: readonly Interval[];
  readonly gaps: readonly MeterGap[];
}

export interface MeterOptions {
  /** Power samples further apart than this leave a gap between them. */
  readonly longestStepMs: number;
  /** A counter's difference over a longer time is not believed: it may have been reset and caught up. */
  readonly longestBridgeMs: number;
  /** More than the domain can draw: a counter step that needs it is a reset, a sample above it is invalid. */
  readonly maxWatts: number;
}

export const initialMeter: MeterState = {
  accountedToMs: null,
  lastAtMs: null,
  lastPowerWatts: null,
  lastMeanWatts: null,
  seen: null,
  counter: null,
  swing: null,
  pendingReason: null,
};

/** A counter that has not moved for this long while power is drawn stands still: the power samples count instead, or where there are none, nothing does. */
const stillCounterMs = 3000;

/** Without a reading for this long, a power sensor's silence becomes a gap even though none has ended it. */
const longestSilenceMs = 10_000;

/** Drivers refresh their power readings at this pace (Yang, Adamek, Armour 2024): a reading may be this much older than its time. */
const powerLagSeconds = 0.1;

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
  if (reading.missing !== null) return stepMissing(state, reading, reading.missing.reason);
  const powerWatts = isPlausible(reading.powerWatts, options) ? reading.powerWatts : null;
  const instantWatts = isPlausible(reading.instantWatts, options) ? reading.instantWatts : null;
  const checked: SourceReading = { ...reading, powerWatts, instantWatts };
  const seeing = { ...state, seen: seeWatts(state.seen, checked) };
  // Below zero counts no energy, and neither does infinity: as if there were no counter.
  if (checked.counterJoules !== null && checked.counterJoules >= 0 && Number.isFinite(checked.counterJoules))
    return stepCounter(seeing, checked, checked.counterJoules, options);
  if (powerWatts === null) return stepMissing(state, checked, reading.powerWatts === null ? 'no-reading' : 'invalid');
  return stepPower(seeing, checked, powerWatts, options);
}

/** Ends a stretch without readings at `atMs`, as a gap. For a run's end, a suspend, or a source that went away. */
export function flushMeter(state: MeterState, domainId: string, atMs: number, reason: GapReason): MeterStep {
  if (state.accountedToMs === null || atMs <= state.accountedToMs) return { state, intervals: [], gaps: [] };
  const said = state.pendingReason ?? reason;
  return {
    state: { ...state, accountedToMs: atMs, lastPowerWatts: null, counter: null, pendingReason: said },
    intervals: [],
    gaps: [{ domainId, fromMs: state.accountedToMs, toMs: atMs, reason: said, isBridged: false }],
  };
}

const isPlausible = (powerWatts: number | null, options: MeterOptions): boolean =>
  powerWatts === null || (Number.isFinite(powerWatts) && powerWatts >= 0 && powerWatts <= options.maxWatts);

function stepMissing(state: MeterState, reading: SourceReading, reason: GapReason): MeterStep {
  if (state.accountedToMs === null)
    return { state: { ...state, accountedToMs: reading.atMs, pendingReason: reason }, intervals: [], gaps: [] };
  // What was said first stands, unless the device turns out to be gone.
  const pendingReason = isFinal(reason) ? reason : (state.pendingReason ?? reason);
  const pending = { ...state, pendingReason };
  // A counter goes on counting while reads of it fail, and rows that are late may still come: only the next reading tells how much is missing.
  const isLate = reason === 'timeout' || reason === 'failed';
  const mayBeTold = state.counter !== null || (isLate && reading.atMs - state.accountedToMs < longestSilenceMs);
  if (mayBeTold && !isFinal(reason)) return { state: pending, intervals: [], gaps: [] };
  return flushMeter(pending, reading.domain.id, reading.atMs, reason);
}

function stepCounter(state: MeterState, reading: SourceReading, joules: number, options: MeterOptions): MeterStep {
  if (state.counter === null) return stepFirstCounter(state, reading, joules, options);
  const counter = { joules, atMs: reading.atMs, lagSeconds: reading.counterLagSeconds, creditedJoules: 0 };
  const elapsedMs = reading.atMs - state.counter.atMs;
  const step = counterDelta({
    fromJoules: state.counter.joules,
    toJoules: joules,
    rangeJoules: reading.counterRangeJoules,
    lagSeconds: reading.counterLagSeconds,
    elapsedSeconds: secondsFromMs(elapsedMs),
    maxWatts: options.maxWatts,
    lastMeanWatts: isHole(state, reading, options) ? null : state.lastMeanWatts,
    swing: state.swing,
  });
  const delta = step?.joules ?? null;
  const next: MeterState = {
    ...state,
    accountedToMs: reading.atMs,
    lastAtMs: reading.atMs,
    lastPowerWatts: reading.powerWatts,
    counter,
    pendingReason: null,
  };
  if (
    step === null ||
    delta === null ||
    elapsedMs > options.longestBridgeMs ||
    isSecretReset(state, reading, delta, options)
  )
    return stepReset(
      state,
      reading,
      next,
      isReadTooLate(reading, elapsedMs, options) ? 'no-reading' : 'reset',
      options,
    );
  if (delta === 0 && (reading.powerWatts ?? Number.POSITIVE_INFINITY) > 1)
    return stepStill(state, reading, next, options);
  if (state.pendingReason === 'stuck' || hasStood(state, reading, delta))
    return { state: next, intervals: [], gaps: [gapOf(state, reading, 'stuck', false)] };
  // A counter that stood still may catch up at once: what power samples gave meanwhile is in that step again.
  const { creditedJoules } = state.counter;
  const fromMs = state.accountedToMs ?? state.counter.atMs;
  const interval = intervalOf(state, reading, fromMs, {
    joules: Math.max(0, delta - creditedJoules),
    varianceJoules2: step.varianceJoules2,
    provenance: 'counter',
  });
  return {
    state: {
      ...next,
      swing:
        reading.counterRangeJoules === null
          ? null
          : seeCounterStep(state.swing, { joules: delta, seconds: secondsFromMs(elapsedMs) }),
      lastMeanWatts: wattsOf(interval),
      counter: delta > 0 ? counter : { ...counter, creditedJoules },
    },
    intervals: [interval],
    gaps: isHole(state, reading, options) ? [gapOf(state, reading, 'no-reading', true)] : [],
  };
}

/** Whether a step that tells nothing may be more than a counter can tell, and no reset. */
function isReadTooLate(reading: SourceReading, elapsedMs: number, options: MeterOptions): boolean {
  const rangeJoules = reading.counterRangeJoules ?? Number.POSITIVE_INFINITY;
  return elapsedMs > options.longestBridgeMs || options.maxWatts * secondsFromMs(elapsedMs) > rangeJoules;
}

/** A counter that was looked at for this long without a step has not counted, or is late: what its next step holds tells which. */
const suspectStillMs = 1000;

/** Whether a counter without power samples beside it lost the time that it stood still: its step then holds far less than the power before. */
function hasStood(state: MeterState, reading: SourceReading, joules: number): boolean {
  const { counter, lastAtMs, lastMeanWatts } = state;
  if (reading.powerWatts !== null || counter === null || lastAtMs === null || lastMeanWatts === null) return false;
  if (lastAtMs - counter.atMs < suspectStillMs) return false;
  return joules < lastMeanWatts * leastMeanRatio * secondsFromMs(reading.atMs - counter.atMs);
}

/** Of the lowest power seen: a mean below this share of it was not drawn. */
const leastMeanRatio = 0.5;

/** A counter may begin anew while it cannot be read, and have passed its old value when it can: then it tells of far less power than any sample did. */
function isSecretReset(state: MeterState, reading: SourceReading, joules: number, options: MeterOptions): boolean {
  if (!isHole(state, reading, options) || state.counter === null) return false;
  if (reading.powerWatts === null || state.lastPowerWatts === null) return false;
  const lowestWatts = Math.min(reading.powerWatts, state.lastPowerWatts, state.seen?.lowWatts ?? reading.powerWatts);
  return joules < lowestWatts * leastMeanRatio * secondsFromMs(reading.atMs - state.counter.atMs);
}

/** Nothing to subtract from yet: the time before belongs to the power samples if there are any. */
function stepFirstCounter(state: MeterState, reading: SourceReading, joules: number, options: MeterOptions): MeterStep {
  const counter = { joules, atMs: reading.atMs, lagSeconds: reading.counterLagSeconds, creditedJoules: 0 };
  const before =
    reading.powerWatts === null || state.accountedToMs === null
      ? null
      : stepPower(state, reading, reading.powerWatts, options);
  return {
    state: {
      ...(before?.state ?? state),
      accountedToMs: reading.atMs,
      lastAtMs: reading.atMs,
      lastPowerWatts: reading.powerWatts,
      counter,
      pendingReason: null,
    },
    intervals: before?.intervals ?? [],
    gaps: before?.gaps ?? (state.accountedToMs === null ? [] : [gapOf(state, reading, 'no-reading', false)]),
  };
}

/** A counter that began anew says nothing of the step before: the power samples do, if there are any; else that step is a gap. */
function stepReset(
  state: MeterState,
  reading: SourceReading,
  next: MeterState,
  reason: GapReason,
  options: MeterOptions,
): MeterStep {
  const { powerWatts } = reading;
  if (powerWatts === null || state.lastPowerWatts === null || isHole(state, reading, options))
    return { state: next, intervals: [], gaps: [gapOf(state, reading, reason, false)] };
  const filled = stepPower({ ...state, counter: null }, reading, powerWatts, options);
  return {
    state: { ...filled.state, ...next, lastMeanWatts: filled.state.lastMeanWatts },
    intervals: filled.intervals,
    gaps: [...filled.gaps, gapOf(state, reading, reason, true)],
  };
}

/**
 * The counter did not move though power is drawn: wait for it a while, then let the power samples speak for that stretch. Without any, nothing tells whether
 * it counted: that stretch is a gap, up to its next step.
 */
function stepStill(state: MeterState, reading: SourceReading, next: MeterState, options: MeterOptions): MeterStep {
  const counterAtMs = state.counter?.atMs ?? reading.atMs;
  if (reading.atMs - counterAtMs < stillCounterMs)
    return { state: { ...state, lastAtMs: reading.atMs, pendingReason: null }, intervals: [], gaps: [] };
  if (reading.powerWatts === null) return stepStuck(state, reading);
  const fromMs = state.accountedToMs ?? counterAtMs;
  const joules = (reading.powerWatts ?? 0) * secondsFromMs(reading.atMs - fromMs);
  const interval = intervalOf(state, reading, fromMs, {
    joules,
    varianceJoules2: windowVariance(secondsFromMs(reading.atMs - fromMs), reading, state.seen),
    provenance: 'sensor',
  });
  const creditedJoules = (state.counter?.creditedJoules ?? 0) + joules;
  return {
    state: {
      ...next,
      lastMeanWatts: wattsOf(interval),
      counter: next.counter && { ...next.counter, creditedJoules },
    },
    intervals: [interval],
    gaps: isHole(state, reading, options) ? [gapOf(state, reading, 'no-reading', true)] : [],
  };
}

/** What the next step of a counter that stood still is to be set against is not known: it may have lost all before, or just that step. */
function stepStuck(state: MeterState, reading: SourceReading): MeterStep {
  const flushed = flushMeter(
    { ...state, pendingReason: state.pendingReason ?? 'stuck' },
    reading.domain.id,
    reading.atMs,
    'stuck',
  );
  return {
    ...flushed,
    state: { ...flushed.state, lastAtMs: reading.atMs, lastMeanWatts: null, counter: state.counter },
  };
}

/** A quarter of a window, or this much: what may lie between two windows without being a gap. */
const leastGapMs = 100;

function stepPower(state: MeterState, reading: SourceReading, powerWatts: number, options: MeterOptions): MeterStep {
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
  const beforeWatts = isGap || windowMs > 0 ? powerWatts : (state.lastPowerWatts ?? powerWatts);
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

/**
 * The end of the time that a sample speaks for. Windows of one second read every 0.3 s overlap: each then owns the 0.3 s around its middle, so that
 * power is booked when it was drawn and not half a window later.
 */
function ownEndMs(state: MeterState, reading: SourceReading, windowMs: number): number {
  const spacingMs = state.lastAtMs === null ? Number.POSITIVE_INFINITY : reading.atMs - state.lastAtMs;
  return spacingMs < 0.9 * windowMs ? reading.atMs - (windowMs - spacingMs) / 2 : reading.atMs;
}

/** Whether something was not read between the last reading and this one. */
function isHole(state: MeterState, reading: SourceReading, options: MeterOptions): boolean {
  const longestStepMs = options.longestStepMs + msFromSeconds(reading.restSeconds);
  return (
    state.pendingReason !== null ||
    (state.lastAtMs !== null && reading.atMs - state.lastAtMs > longestStepMs) ||
    (state.lastAtMs === null && state.accountedToMs !== null)
  );
}

function gapOf(state: MeterState, reading: SourceReading, reason: GapReason, isBridged: boolean): MeterGap {
  return {
    domainId: reading.domain.id,
    fromMs: state.accountedToMs ?? reading.atMs,
    toMs: reading.atMs,
    reason: state.pendingReason ?? reason,
    isBridged,
  };
}

const wattsOf = (interval: Interval): number => interval.joules / secondsFromMs(interval.toMs - interval.fromMs);

type Measured = Pick<Interval, 'joules' | 'varianceJoules2' | 'provenance'>;

function intervalOf(state: MeterState, reading: SourceReading, fromMs: number, measured: Measured): Interval {
  const seconds = secondsFromMs(reading.atMs - fromMs);
  const watts = measured.joules / seconds;
  return {
    ...measured,
    domainId: reading.domain.id,
    fromMs,
    toMs: reading.atMs,
    ...boundsOf(measured.joules, seconds, reading.error),
    ...swingOf(state.seen, watts),
    samples: reading.samples,
    lagSeconds:
      measured.provenance === 'counter'
        ? Math.max(reading.counterLagSeconds, state.counter?.lagSeconds ?? 0)
        : powerLagSeconds,
  };
}
