import type { GapReason } from '../../shared/model/domain.ts';
import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import type { SourceReading } from '../sources/source.ts';
import { boundsOf, type SeenWatts, swingOf } from './bounds.ts';
import type { CounterSwing } from './counter-swing.ts';
import type { CoursePoint, Interval, MeterGap } from './interval.ts';

export interface CounterState {
  readonly joules: number;
  readonly atMs: number;
  readonly lagSeconds: number;
  /** It has made a step. */
  readonly hasMoved: boolean;
  /** What power samples gave for the time since `atMs`, in which it stood still. */
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
  /** A reading at which it fell, by a wrap at a power not seen lately or by a reset: its next step tells which. */
  readonly odd: SourceReading | null;
  /** Means of a window that have come since `accountedToMs`, before that window is over. */
  readonly held: readonly SourceReading[];
  /** The newest interval that a mean of a window told. */
  readonly tile: Interval | null;
  /** Why there was no reading lately, while the next one may still tell what was drawn meanwhile; null after a reading. */
  readonly pendingReason: GapReason | null;
}

export interface MeterStep {
  readonly state: MeterState;
  readonly intervals: readonly Interval[];
  readonly gaps: readonly MeterGap[];
}

export interface MeterOptions {
  /** Between two rounds of readings; a run's beginning and end bring more. */
  readonly periodMs: number;
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
  odd: null,
  held: [],
  tile: null,
  pendingReason: null,
};

/** Ends a stretch without readings at `atMs`, as a gap. For a run's end, a suspend, or a source that went away. */
export function flushMeter(state: MeterState, domainId: string, atMs: number, reason: GapReason): MeterStep {
  if (state.accountedToMs === null || atMs <= state.accountedToMs) return { state, intervals: [], gaps: [] };
  const said = state.pendingReason ?? reason;
  return {
    state: {
      ...state,
      accountedToMs: atMs,
      lastPowerWatts: null,
      counter: null,
      odd: null,
      held: [],
      pendingReason: said,
    },
    intervals: [],
    gaps: [{ domainId, fromMs: state.accountedToMs, toMs: atMs, reason: said, isBridged: false }],
  };
}

/** Whether something was not read between the last reading and this one. */
export function isHole(state: MeterState, reading: SourceReading, options: MeterOptions): boolean {
  const longestStepMs = options.longestStepMs + msFromSeconds(reading.restSeconds);
  return (
    state.pendingReason !== null ||
    (state.lastAtMs !== null && reading.atMs - state.lastAtMs > longestStepMs) ||
    (state.lastAtMs === null && state.accountedToMs !== null)
  );
}

/** The gap from what is accounted for to a reading. */
export function gapOf(state: MeterState, reading: SourceReading, reason: GapReason, isBridged: boolean): MeterGap {
  return {
    domainId: reading.domain.id,
    fromMs: state.accountedToMs ?? reading.atMs,
    toMs: reading.atMs,
    reason: state.pendingReason ?? reason,
    isBridged,
  };
}

export const wattsOf = (interval: Interval): number => interval.joules / secondsFromMs(interval.toMs - interval.fromMs);

/** Nothing tells how its energy went. */
export const noCourse: readonly CoursePoint[] = [];

type Span = Pick<Interval, 'fromMs' | 'toMs'>;
type Measured = Pick<Interval, 'joules' | 'varianceJoules2' | 'provenance'> & {
  readonly course?: readonly CoursePoint[];
  readonly endCounterJoules?: number | null;
};

/** Drivers refresh their power readings at this pace (Yang, Adamek, Armour 2024): a reading may be this much older than its time. */
const powerLagSeconds = 0.1;

/** Energy that a reading tells of, with the sensor's error and what power may have been within. */
export function intervalOf(state: MeterState, reading: SourceReading, span: Span, measured: Measured): Interval {
  const { fromMs, toMs } = span;
  const { joules, varianceJoules2, provenance, course = noCourse, endCounterJoules = null } = measured;
  const seconds = secondsFromMs(toMs - fromMs);
  const { lowJoules, highJoules } = boundsOf(joules, seconds, reading.error);
  const { lowWatts, highWatts } = swingOf(state.seen, joules / seconds);
  return {
    domainId: reading.domain.id,
    fromMs,
    toMs,
    joules,
    lowJoules,
    highJoules,
    varianceJoules2,
    lowWatts,
    highWatts,
    samples: reading.samples,
    course,
    lagSeconds:
      provenance === 'counter' ? Math.max(reading.counterLagSeconds, state.counter?.lagSeconds ?? 0) : powerLagSeconds,
    provenance,
    endCounterJoules,
  };
}
