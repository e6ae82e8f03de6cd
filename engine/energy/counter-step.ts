import type { GapReason } from '../../shared/model/domain.ts';
import { secondsFromMs } from '../../shared/units.ts';
import type { SourceReading } from '../sources/source.ts';
import { type CounterDelta, counterDelta, lateSeconds } from './counter-delta.ts';
import { seeCounterStep } from './counter-swing.ts';
import type { Interval } from './interval.ts';
import {
  type CounterState,
  flushMeter,
  gapOf,
  intervalOf,
  isHole,
  type MeterOptions,
  type MeterState,
  type MeterStep,
  wattsOf,
} from './meter-state.ts';
import { holdBack, stepPowerTo, stepStanding, stillCounterMs } from './power-step.ts';

/** A reading with a counter: its difference to the one before, where that can be believed. */
export function stepCounter(
  state: MeterState,
  reading: SourceReading,
  joules: number,
  options: MeterOptions,
): MeterStep {
  if (state.counter === null) return stepFirstCounter(state, reading, joules, options);
  if (state.odd !== null) return stepAfterOdd(state, state.odd, reading, options);
  // Power samples beside it and the time before tell enough, or nothing will.
  if (reading.powerWatts !== null || deltaOf(state, reading, joules, options)?.isOdd !== true)
    return stepCounted(state, reading, joules, options);
  if (isHole(state, reading, options))
    return stepReset(state, reading, countedTo(state, reading, joules), 'reset', options);
  return { state: { ...state, odd: reading, lastAtMs: reading.atMs }, intervals: [], gaps: [] };
}

/** A power never seen lately is one if the counter's next step needs it too, or more: else the fall before was a reset, and that time is a gap. */
function stepAfterOdd(state: MeterState, odd: SourceReading, reading: SourceReading, options: MeterOptions): MeterStep {
  const oddJoules = odd.counterJoules ?? 0;
  const joules = reading.counterJoules ?? 0;
  if (joules === oddJoules && reading.atMs - odd.atMs < stillCounterMs)
    return { state: { ...state, lastAtMs: reading.atMs, pendingReason: null }, intervals: [], gaps: [] };
  const known = { ...state, odd: null };
  const wrapped = stepCounted(known, odd, oddJoules, options);
  const after = stepCounted({ ...wrapped.state, lastAtMs: state.lastAtMs }, reading, joules, options);
  const isPower = (after.state.lastMeanWatts ?? 0) * leastConfirmingRatio >= (wrapped.state.lastMeanWatts ?? 0);
  if (isPower && after.intervals.length > 0) return joined(wrapped, after);
  const reset = stepReset(known, odd, countedTo(known, odd, oddJoules), 'reset', options);
  return joined(reset, stepCounted({ ...reset.state, lastAtMs: state.lastAtMs }, reading, joules, options));
}

/** A power is the one before where it is at least this part of it: a step at which the load begins holds only some of it. */
const leastConfirmingRatio = 1.3;

const joined = (first: MeterStep, second: MeterStep): MeterStep => ({
  state: second.state,
  intervals: [...first.intervals, ...second.intervals],
  gaps: [...first.gaps, ...second.gaps],
});

const counterAt = (reading: SourceReading, joules: number, hasMoved: boolean): CounterState => ({
  joules,
  atMs: reading.atMs,
  lagSeconds: reading.counterLagSeconds,
  hasMoved,
  creditedJoules: 0,
});

const countedTo = (state: MeterState, reading: SourceReading, joules: number): MeterState => ({
  ...state,
  accountedToMs: reading.atMs,
  lastAtMs: reading.atMs,
  lastPowerWatts: reading.powerWatts,
  counter: counterAt(
    reading,
    joules,
    state.counter !== null && (state.counter.hasMoved || state.counter.joules !== joules),
  ),
  held: [],
  pendingReason: null,
});

function deltaOf(
  state: MeterState,
  reading: SourceReading,
  joules: number,
  options: MeterOptions,
): CounterDelta | null {
  if (state.counter === null) return null;
  return counterDelta({
    fromJoules: state.counter.joules,
    toJoules: joules,
    rangeJoules: reading.counterRangeJoules,
    lagSeconds: reading.counterLagSeconds,
    elapsedSeconds: secondsFromMs(reading.atMs - state.counter.atMs),
    maxWatts: options.maxWatts,
    mostJoulesBeside: mostJoulesBeside(state.counter, reading, options),
    lastMeanWatts: isHole(state, reading, options) ? null : state.lastMeanWatts,
    swing: state.swing,
  });
}

const leastWindowSeconds = 0.5;

/** A step of a counter whose power samples are means holds no more than the newest window and, outside it, what the device can draw. */
function mostJoulesBeside(before: CounterState, reading: SourceReading, options: MeterOptions): number | null {
  const { powerWatts, powerWindowSeconds, powerStandardErrorWatts, counterLagSeconds } = reading;
  if (powerWatts === null || powerWindowSeconds < leastWindowSeconds || powerStandardErrorWatts > 0) return null;
  const elapsedSeconds = secondsFromMs(reading.atMs - before.atMs);
  const outsideSeconds = Math.max(0, elapsedSeconds - powerWindowSeconds) + counterLagSeconds + lateSeconds;
  return powerWatts * powerWindowSeconds + options.maxWatts * outsideSeconds;
}

function stepCounted(state: MeterState, reading: SourceReading, joules: number, options: MeterOptions): MeterStep {
  if (state.counter === null) return stepFirstCounter(state, reading, joules, options);
  const elapsedMs = reading.atMs - state.counter.atMs;
  const step = deltaOf(state, reading, joules, options);
  if (step === null || elapsedMs > options.longestBridgeMs || isSecretReset(state, reading, step.joules, options))
    return stepReset(
      state,
      reading,
      countedTo(state, reading, joules),
      isReadTooLate(reading, elapsedMs, options) ? 'no-reading' : 'reset',
      options,
    );
  const delta = step.joules;
  if (delta === 0 && (reading.powerWatts ?? Number.POSITIVE_INFINITY) > 1)
    return stepStill(state, reading, state.counter, options);
  if (state.pendingReason === 'stuck' || hasStood(state, reading, delta))
    return {
      state: countedTo(state, reading, joules),
      intervals: [],
      gaps: [gapOf(state, reading, 'stuck', false)],
    };
  // A counter that stood still may catch up at once: what power samples gave meanwhile is in that step again.
  const { creditedJoules } = state.counter;
  const still = sinceStill(state, reading, options);
  if (still !== null && delta - creditedJoules < still.joules * leastMeanRatio)
    return {
      ...still.step,
      intervals: lowered(still.step.intervals, caughtUpJoules(delta, creditedJoules + still.joules)),
      state: { ...countedTo(state, reading, joules), lastMeanWatts: still.step.state.lastMeanWatts },
    };
  const span = { fromMs: state.accountedToMs ?? state.counter.atMs, toMs: reading.atMs };
  const interval = intervalOf(state, reading, span, {
    joules: Math.max(0, delta - creditedJoules),
    varianceJoules2: step.varianceJoules2,
    provenance: 'counter',
    endCounterJoules: delta > 0 || creditedJoules === 0 ? joules : null,
  });
  return {
    state: {
      ...state,
      accountedToMs: reading.atMs,
      lastAtMs: reading.atMs,
      lastPowerWatts: reading.powerWatts,
      lastMeanWatts: wattsOf(interval),
      counter: {
        ...counterAt(reading, joules, state.counter.hasMoved || delta > 0),
        creditedJoules: delta > 0 ? 0 : creditedJoules,
      },
      swing:
        reading.counterRangeJoules === null
          ? null
          : seeCounterStep(state.swing, { joules: delta, seconds: secondsFromMs(elapsedMs) }),
      pendingReason: null,
    },
    // What it holds beyond the samples of its own time may have been drawn at any moment since the counter stood still.
    intervals: lowered([interval], creditedJoules > 0 ? delta - creditedJoules - (still?.joules ?? 0) : 0),
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

/** The time since a counter stood still, by the power samples beside it; null where it did not, or there are none. */
function sinceStill(
  state: MeterState,
  reading: SourceReading,
  options: MeterOptions,
): { readonly step: MeterStep; readonly joules: number } | null {
  const { counter, lastAtMs } = state;
  if (reading.powerWatts === null || counter === null || lastAtMs === null) return null;
  if (counter.creditedJoules === 0 && lastAtMs - counter.atMs < suspectStillMs) return null;
  const step = stepStanding(state, reading, reading.powerWatts, options);
  return { step, joules: step.intervals.reduce((sum, interval) => sum + interval.joules, 0) };
}

/** By how much samples told too much, if a counter's step holds all that was drawn since it stood still; 0 where it holds so little that it lost time. */
const caughtUpJoules = (deltaJoules: number, sampledJoules: number): number =>
  deltaJoules < sampledJoules * leastMeanRatio ? 0 : Math.max(0, sampledJoules - deltaJoules);

/** The first of them may have so much less. */
function lowered(intervals: readonly Interval[], joules: number): readonly Interval[] {
  const [first, ...others] = intervals;
  if (first === undefined || joules <= 0) return intervals;
  return [{ ...first, lowJoules: Math.max(0, first.lowJoules - joules) }, ...others];
}

/** Of the lowest power seen, or of what samples tell: a mean below this share of it was not drawn. */
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
  const counter = counterAt(reading, joules, false);
  const before =
    reading.powerWatts === null || state.accountedToMs === null
      ? null
      : stepPowerTo(state, reading, reading.powerWatts, options);
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
  const filled = stepPowerTo({ ...state, counter: null }, reading, powerWatts, options);
  return {
    state: { ...filled.state, ...next, lastMeanWatts: filled.state.lastMeanWatts },
    intervals: filled.intervals,
    gaps: [...filled.gaps, gapOf(state, reading, reason, true)],
  };
}

/**
 * The counter did not move though power is drawn: wait for it a while, then let the power samples of all that stretch speak for it, until it moves. Without any,
 * nothing tells whether it counted: that stretch is a gap, up to its next step. A counter that never moved is none, and nothing is missing where samples count.
 */
function stepStill(state: MeterState, reading: SourceReading, counter: CounterState, options: MeterOptions): MeterStep {
  if (reading.atMs - counter.atMs < stillCounterMs) return holdBack(state, reading);
  if (reading.powerWatts === null) return stepStuck(state, reading);
  const standing = stepStanding(state, reading, reading.powerWatts, options);
  const creditedJoules = standing.intervals.reduce((sum, { joules }) => sum + joules, counter.creditedJoules);
  return {
    state: { ...standing.state, counter: { ...counter, creditedJoules } },
    intervals: standing.intervals,
    gaps: counter.hasMoved || isHole(state, reading, options) ? [gapOf(state, reading, 'stuck', true)] : [],
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
