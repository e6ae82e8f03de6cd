import { secondsFromMs } from '../../shared/units.ts';
import type { SensorError, SourceReading } from '../sources/source.ts';
import { piecesOf } from './energy-part.ts';
import type { CoursePoint, Interval } from './interval.ts';
import type { PowerSample } from './mean-power.ts';

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

/** Extremes of a domain's power lately. */
export interface SeenWatts {
  readonly lowWatts: number;
  readonly highWatts: number;
}

/** After this many readings an extreme that did not come again has moved most of the way back. */
const forgettingReadings = 60;
/** Few samples may all miss the extremes, and means hide them: the power within a stretch is taken to vary by this share of its mean at least. */
const hiddenSwingRatio = 0.5;

/** Between which powers a stretch with this mean lay at any moment. */
export function swingOf(seen: SeenWatts | null, meanWatts: number): SeenWatts {
  return {
    lowWatts: Math.min(seen?.lowWatts ?? meanWatts, meanWatts * (1 - hiddenSwingRatio)),
    highWatts: Math.max(seen?.highWatts ?? meanWatts, meanWatts * (1 + hiddenSwingRatio)),
  };
}

/** Takes a reading's power, instant where there is one, into the extremes seen; older extremes fade. */
export function seeWatts(seen: SeenWatts | null, reading: SourceReading): SeenWatts | null {
  const { powerWatts, instantWatts } = reading;
  if (powerWatts === null && instantWatts === null) return seen;
  const low = Math.min(powerWatts ?? Number.POSITIVE_INFINITY, instantWatts ?? Number.POSITIVE_INFINITY);
  const high = Math.max(powerWatts ?? Number.NEGATIVE_INFINITY, instantWatts ?? Number.NEGATIVE_INFINITY);
  if (seen === null) return { lowWatts: low, highWatts: high };
  const fade = (from: number, to: number): number => from + (to - from) / forgettingReadings;
  return {
    lowWatts: Math.min(low, fade(seen.lowWatts, low)),
    highWatts: Math.max(high, fade(seen.highWatts, high)),
  };
}

/**
 * Variance of a stretch of `seconds` between two instant samples, in J²: samples taken at random of a power with variance σ² differ by 2σ² in the mean
 * square, and each stands for one stretch. A slow drift, which a trapezoid follows, is counted too: the bound is wide, not narrow.
 */
export function sampleVariance(seconds: number, fromWatts: number, toWatts: number): number {
  return (seconds ** 2 * (toWatts - fromWatts) ** 2) / 2;
}

/**
 * Mean square error of a stretch that is told by the mean of a window, in J²: the mean's own standard error, and where the stretch is longer than the window the
 * rest of it, at a power that lay anywhere between the extremes seen (a rectangular distribution of half width a has the variance a²/3: JCGM 100:2008, 4.3.7), which
 * the mean that stands for it need not lie in the middle of.
 */
export function windowVariance(seconds: number, reading: SourceReading, seen: SeenWatts | null): number {
  const uncoveredSeconds = Math.max(0, seconds - reading.powerWindowSeconds);
  const { lowWatts, highWatts } = seen ?? { lowWatts: 0, highWatts: 0 };
  const halfWatts = (highWatts - lowWatts) / 2;
  const offWatts = seen === null || reading.powerWatts === null ? 0 : reading.powerWatts - (lowWatts + highWatts) / 2;
  return (
    (reading.powerStandardErrorWatts * seconds) ** 2 + uncoveredSeconds ** 2 * (halfWatts ** 2 / 3 + offWatts ** 2)
  );
}

export interface Cut {
  readonly joules: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly lowWatts: number;
  readonly highWatts: number;
  readonly lagSeconds: number;
  readonly samples: readonly PowerSample[];
}

/** With the course of its energy, where that is told. */
export interface CutInterval extends Cut {
  readonly course: readonly CoursePoint[];
}

/** No moment is known better than this: a thread waits for its turn between a look at a sensor and a look at the clock. */
const leastLagSeconds = 0.02;

/** Fewer samples say too little of how the power went. */
const leastSamples = 4;

/**
 * Variance in J² that a run's beginning or end within an interval brings: the part inside may hold more or less than its share of time, between what
 * the lowest and the highest power allow on both sides of the cut, or, where instant samples tell how the power went, what lies open between these; and
 * the reading at the interval's end may be older than its time.
 */
export function cutVariance(interval: Cut, insideMs: number): number {
  const seconds = secondsFromMs(interval.toMs - interval.fromMs);
  const inside = secondsFromMs(insideMs);
  const outside = Math.max(0, seconds - inside);
  if (inside <= 0 || outside <= 0) return 0;
  const lagSeconds = Math.max(leastLagSeconds, interval.lagSeconds);
  const lagHalfJoules = (interval.highWatts * Math.min(lagSeconds, seconds)) / 2;
  if (interval.samples.length >= leastSamples)
    return sampledVariance(interval.samples, Math.min(inside, outside)) + lagHalfJoules ** 2 / 3;
  const least = Math.max(inside * interval.lowWatts, interval.joules - outside * interval.highWatts);
  const most = Math.min(inside * interval.highWatts, interval.joules - outside * interval.lowWatts);
  const halfJoules = Math.max(0, most - least) / 2;
  return (halfJoules ** 2 + lagHalfJoules ** 2) / 3;
}

/** A load that begins with the run may draw this many times the power seen before it, which is half as much again as the step's mean or more. */
const newLoadRatio = 4;

/**
 * Variance in J² that a run's beginning or end within a step of a counter brings. A load that begins and ends with the run draws all of the step on the run's
 * side, or none of it, as far as the highest power allows: then both cuts err alike, and are to be added up. a² / 2 each makes 2 √V their sum or more.
 */
export function edgeVariance(interval: Cut, insideMs: number): number {
  const seconds = secondsFromMs(interval.toMs - interval.fromMs);
  const inside = secondsFromMs(insideMs);
  if (inside <= 0 || inside >= seconds || interval.samples.length >= leastSamples)
    return cutVariance(interval, insideMs);
  const shareJoules = (interval.joules * inside) / seconds;
  const outsideJoules = interval.joules - shareJoules;
  const mostMore = Math.min(outsideJoules, interval.highWatts * newLoadRatio * inside - shareJoules);
  const mostLess = Math.min(shareJoules, interval.highWatts * (seconds - inside) - outsideJoules);
  const lagSeconds = Math.min(Math.max(leastLagSeconds, interval.lagSeconds), seconds);
  const lagHalfJoules = (interval.highWatts * lagSeconds) / 2;
  return Math.max(mostMore, mostLess) ** 2 / 2 + lagHalfJoules ** 2 / 3;
}

/**
 * Variance in J² that the ends of a run bring which lie within an interval. Where the course of its energy is told, each lies within one piece of that; else
 * what is open is the whole step's, and a counter or a mean over the step says nothing of a load that is new.
 */
export function endsVariance(
  interval: Interval,
  run: { readonly startMs: number; readonly endMs: number | null },
): number {
  const endMs = run.endMs ?? Number.POSITIVE_INFINITY;
  if (interval.course.length > 0)
    return [run.startMs, endMs].reduce((sum, atMs) => sum + cutVarianceAt(interval, atMs), 0);
  const insideMs = Math.min(interval.toMs, endMs) - Math.max(interval.fromMs, run.startMs);
  const isMeasured = interval.provenance === 'counter' || interval.provenance === 'sensor';
  return (isMeasured ? edgeVariance : cutVariance)(interval, insideMs);
}

/** Variance in J² of the energy up to a moment within an interval. 0 for one outside. */
export function cutVarianceAt(interval: CutInterval, atMs: number): number {
  if (atMs <= interval.fromMs || atMs >= interval.toMs) return 0;
  if (interval.course.length === 0) return cutVariance(interval, atMs - interval.fromMs);
  const pieces = piecesOf(interval);
  const piece = pieces.find((one) => atMs <= one.toMs) ?? interval;
  const watts = pieces.map(({ fromMs, toMs, joules }) => joules / secondsFromMs(toMs - fromMs));
  const ends = interval.course.filter((point) => point.atMs === piece.fromMs || point.atMs === piece.toMs);
  const ofPiece = cutVariance(
    {
      ...piece,
      lowWatts: Math.min(interval.lowWatts, ...watts),
      highWatts: Math.max(interval.highWatts, ...watts),
      lagSeconds: interval.lagSeconds,
      samples: [],
    },
    atMs - piece.fromMs,
  );
  return ofPiece + Math.max(0, ...ends.map((point) => point.varianceJoules2));
}

/** Of the shorter side of a cut: each sample stands for one spacing, and one more lies open at the cut itself. σ² by successive differences, as in meanOfSamples. */
function sampledVariance(samples: readonly PowerSample[], sideSeconds: number): number {
  const steps = samples.slice(1).map((sample, i) => sample.watts - (samples[i]?.watts ?? sample.watts));
  const variance = steps.reduce((sum, step) => sum + step ** 2, 0) / (2 * steps.length);
  const spacingSeconds = secondsFromMs((samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0)) / steps.length;
  return spacingSeconds ** 2 * variance * (sideSeconds / Math.max(spacingSeconds, 0.001) + 1);
}

/** What a sum of intervals of one domain knows of its own error. */
export interface Uncertain {
  readonly lowJoules: number;
  readonly highJoules: number;
  readonly varianceJoules2: number;
  /** Time without a reading that counts. */
  readonly uncoveredSeconds: number;
  /** The most that may have been drawn in that time. */
  readonly mostWatts: number;
}

/** Expanded uncertainty: twice the standard deviation holds the truth in 95 of 100 cases (JCGM 100:2008, 6.3.3). */
const coverageFactor = 2;

/**
 * Low and high of a sum over domains: errors that last (a sensor's, a model's) are added up, for they do not average out; sampling and the cuts at both ends are
 * combined in quadrature; uncovered time may have drawn nothing, or the most that was seen. docs/methodology.md, 'Bounds'.
 */
export function combinedBounds(parts: readonly Uncertain[]): {
  readonly lowJoules: number;
  readonly highJoules: number;
} {
  const sum = (pick: (part: Uncertain) => number): number => parts.reduce((total, part) => total + pick(part), 0);
  const randomJoules = coverageFactor * Math.sqrt(sum((part) => part.varianceJoules2));
  return {
    lowJoules: Math.max(0, sum((part) => part.lowJoules) - randomJoules),
    highJoules: sum((part) => part.highJoules) + randomJoules + sum((part) => part.uncoveredSeconds * part.mostWatts),
  };
}
