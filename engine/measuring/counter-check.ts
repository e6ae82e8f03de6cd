import { energyPart } from '../energy/energy-part.ts';
import type { Interval } from '../energy/interval.ts';
import { stepSampledMeter } from '../energy/meter.ts';
import { initialMeter, type MeterOptions, type MeterState, type MeterStep } from '../energy/meter-state.ts';
import type { CheckedJoules } from '../runs/run-ledger.ts';
import type { SourceReading } from '../sources/source.ts';

/** A second account of a domain by its power samples, where its energy is a counter's and both are read anyway. Mutable: it lives as long as the domain. */
export interface CounterCheck {
  meter: MeterState;
  /** Not compared yet: a mean tells of another time than the counter that was read with it. */
  counted: readonly Interval[];
  sampled: readonly Interval[];
  comparedToMs: number;
  /** Of the last few minutes. */
  recent: CheckedJoules;
}

export const createCounterCheck = (): CounterCheck => ({
  meter: initialMeter,
  counted: [],
  sampled: [],
  comparedToMs: Number.NEGATIVE_INFINITY,
  recent: { counterJoules: 0, samplesJoules: 0 },
});

/** A stretch that both accounts tell of; monotonic. */
export interface ComparedStretch {
  readonly toMs: number;
  /** Joules of both over the part of it between two moments. */
  within(fromMs: number, toMs: number): CheckedJoules;
}

/** Of the older joules this much is left after each reading: the comparison is one of the last few minutes. */
const keepRatio = 0.995;
/** One that waits longer for the other than this many intervals will not meet it. */
const mostWaiting = 64;

function forget(check: CounterCheck): null {
  check.counted = [];
  check.sampled = [];
  return null;
}

/** Advances both accounts by a reading. Null where nothing more can be compared yet, or one of them has a gap. */
export function stepCounterCheck(
  check: CounterCheck,
  reading: SourceReading,
  step: MeterStep,
  options: MeterOptions,
): ComparedStretch | null {
  const isCounted = step.gaps.length === 0 && step.intervals.every(({ provenance }) => provenance === 'counter');
  if (!isCounted || reading.missing !== null || reading.counterJoules === null || reading.powerWatts === null)
    return forget(check);
  const sampled = stepSampledMeter(check.meter, reading, options);
  check.meter = sampled.state;
  if (sampled.gaps.length > 0) return forget(check);
  check.counted = [...check.counted, ...step.intervals].slice(-mostWaiting);
  check.sampled = [...check.sampled, ...sampled.intervals].slice(-mostWaiting);
  return compare(check);
}

function compare(check: CounterCheck): ComparedStretch | null {
  const { counted, sampled } = check;
  const fromMs = Math.max(check.comparedToMs, counted[0]?.fromMs ?? Infinity, sampled[0]?.fromMs ?? Infinity);
  const toMs = Math.min(counted.at(-1)?.toMs ?? -Infinity, sampled.at(-1)?.toMs ?? -Infinity);
  if (toMs <= fromMs) return null;
  const within: ComparedStretch['within'] = (startMs, endMs) =>
    joulesOfBoth({ counted, sampled }, Math.max(fromMs, startMs), Math.min(toMs, endMs));
  const { counterJoules, samplesJoules } = within(fromMs, toMs);
  check.recent = {
    counterJoules: check.recent.counterJoules * keepRatio + counterJoules,
    samplesJoules: check.recent.samplesJoules * keepRatio + samplesJoules,
  };
  check.comparedToMs = toMs;
  check.counted = counted.filter((interval) => interval.toMs > toMs);
  check.sampled = sampled.filter((interval) => interval.toMs > toMs);
  return { toMs, within };
}

/** The counter's over the time that the samples tell of and no other: means may leave a hole. */
function joulesOfBoth(
  { counted, sampled }: Pick<CounterCheck, 'counted' | 'sampled'>,
  fromMs: number,
  toMs: number,
): CheckedJoules {
  let [counterJoules, samplesJoules] = [0, 0];
  for (const mean of sampled) {
    const startMs = Math.max(fromMs, mean.fromMs);
    const endMs = Math.min(toMs, mean.toMs);
    if (endMs <= startMs) continue;
    samplesJoules += mean.joules * energyPart(mean, startMs, endMs);
    for (const interval of counted) counterJoules += interval.joules * energyPart(interval, startMs, endMs);
  }
  return { counterJoules, samplesJoules };
}

/** Too little to compare by: a counter and a sensor disagree for a moment at every change of load. */
const leastCheckedJoules = 1000;

/** Samples over counter, less 1, of the last few minutes; null where there are not both. */
export const disagreementRatio = ({ counterJoules, samplesJoules }: CheckedJoules): number | null =>
  counterJoules < leastCheckedJoules ? null : samplesJoules / counterJoules - 1;
