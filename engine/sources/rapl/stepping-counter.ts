import { secondsFromMs } from '../../../shared/units.ts';
import type { SourceReading } from '../source.ts';
import { type SeenStep, stepPeriodMs } from '../step-period.ts';

/** A counter that steps sooner than this has no age to speak of: the register is refreshed every millisecond (Intel SDM 3B, 15.10). */
const slowStepMs = 5;
/** A counter of which nothing is known yet is waited for so long, and afterwards one that did not step then. */
const firstLimitMs = 600;
const edgeLimitMs = 130;
/** How old a counter may be that nobody has watched yet, and one that was watched and did not step. */
const unknownPeriodMs = 100;
const longestPeriodMs = 1000;
const learningSteps = 4;
/** So many times the steps asked for are watched where looks were too far apart to tell how far the steps are. */
const mostWatches = 3;

/** A counter's step: some time in the `gapMs` before it was seen. */
interface CounterStep {
  readonly before: SourceReading;
  /** As it was read. */
  readonly reading: SourceReading;
  readonly seenAtMs: number;
  readonly gapMs: number;
  readonly waitedMs: number;
}

const seenStep = ({ before, reading, seenAtMs, gapMs }: CounterStep): SeenStep => ({
  atMs: seenAtMs - gapMs / 2,
  gapMs,
  from: before.counterJoules ?? Number.NaN,
  to: reading.counterJoules ?? Number.NaN,
});

/** A counter whose values are dated: one that is renewed more seldom than it is looked at is as old as its period when read. */
export interface SteppingCounter {
  read(): SourceReading;
  /** Watches some steps to learn how far they are apart. */
  learn(signal: AbortSignal): Promise<void>;
  /**
   * The counter at the moments of its steps, so that the moments are its own: hardware steps within a millisecond, and then this is one more read. One
   * that is renewed more seldom is watched for two steps, once: their distance is its period, and dates the value that stood before a step.
   */
  readAtSteps(signal: AbortSignal): Promise<readonly SourceReading[]>;
}

export function createSteppingCounter(lookAt: () => SourceReading): SteppingCounter {
  let last: SourceReading | null = null;
  /** The newest look at another value than the last one, and the first look at that: the last one stands since a moment between them. */
  let other: SourceReading | null = null;
  let steppedAtMs = Number.NEGATIVE_INFINITY;
  let periodMs: number | null = null;
  let isUnsteady = false;

  const look = (): SourceReading => {
    const reading = lookAt();
    if (reading.missing !== null) return reading;
    if (last !== null && reading.counterJoules !== last.counterJoules) {
      other = last;
      steppedAtMs = reading.atMs;
    }
    last = reading;
    return reading;
  };

  const read = (): SourceReading => {
    const reading = look();
    if (reading.missing !== null) return reading;
    const longestAgeMs = periodMs ?? (isUnsteady ? longestPeriodMs : unknownPeriodMs);
    const ageMs = Math.min(longestAgeMs, reading.atMs - (other?.atMs ?? Number.NEGATIVE_INFINITY));
    // On the average it is half as old as it may be: so it is dated.
    const isDated = periodMs !== null && periodMs >= slowStepMs;
    return { ...reading, atMs: reading.atMs - (isDated ? ageMs / 2 : 0), counterLagSeconds: secondsFromMs(ageMs) };
  };

  const limitMs = (): number => {
    if (periodMs === null) return isUnsteady ? edgeLimitMs : firstLimitMs;
    return Math.max(edgeLimitMs, 1.3 * periodMs);
  };

  /** The next step, whoever else sees it first: what is read meanwhile must not lie on its other side. Null where it does not step in time or cannot be read. */
  async function awaitStep(signal: AbortSignal): Promise<CounterStep | null> {
    const first = look();
    const longestMs = limitMs();
    let next = first;
    for (let tries = 0; tries < longestMs && !signal.aborted; tries++) {
      if (next.missing !== null || next.atMs - first.atMs >= longestMs) break;
      await new Promise((resolve) => setTimeout(resolve, 1));
      next = look();
      if (next.missing === null && next.counterJoules !== first.counterJoules && other !== null)
        return {
          before: other,
          reading: next,
          seenAtMs: steppedAtMs,
          gapMs: steppedAtMs - other.atMs,
          waitedMs: next.atMs - first.atMs,
        };
    }
    if (next.missing === null && periodMs === null && !signal.aborted) isUnsteady = true;
    return null;
  }

  /** The next step, and what is learned of the period by those after it. */
  async function watch(steps: number, signal: AbortSignal): Promise<readonly CounterStep[]> {
    const watched: CounterStep[] = [];
    const apart: number[] = [];
    for (let step = await awaitStep(signal); step !== null; step = await awaitStep(signal)) {
      const before = watched.at(-1);
      const apartMs = before === undefined ? null : stepPeriodMs(seenStep(before), seenStep(step), slowStepMs);
      if (apartMs !== null) apart.push(apartMs);
      watched.push(step);
      const isTold = steps === 1 || apart.length > 0;
      if (watched.length >= steps && (isTold || watched.length >= mostWatches * steps)) break;
    }
    // The median: on a busy machine a step may be missed, or seen late.
    periodMs = apart.sort((a, b) => a - b)[Math.floor((apart.length - 1) / 2)] ?? periodMs;
    return watched;
  }

  /** A step's reading at the middle of when it may have been: after the look before it, and not longer ago than its period. */
  function dated({ reading, seenAtMs, gapMs }: CounterStep): SourceReading {
    const ageMs = Math.min(gapMs, periodMs ?? gapMs);
    return { ...reading, atMs: seenAtMs - ageMs / 2, counterLagSeconds: secondsFromMs(ageMs) };
  }

  function beforeStep(step: CounterStep, period: number): SourceReading {
    const { atMs, counterLagSeconds } = dated(step);
    return { ...step.before, atMs: atMs - period, counterLagSeconds };
  }

  return {
    read,
    async learn(signal) {
      await watch(learningSteps, signal);
    },
    async readAtSteps(signal) {
      const steps = await watch(periodMs === null ? 2 : 1, signal);
      const [step, second] = steps;
      const newest = steps.at(-1);
      if (step === undefined || newest === undefined) return [read()];
      if (periodMs === null || periodMs < slowStepMs) return [dated(newest)];
      if (second !== undefined) return [beforeStep(step, periodMs), ...steps.map(dated)];
      // Waited for longer than its period it was renewed more seldom, or a step was missed.
      const isKnown = step.waitedMs <= 1.2 * periodMs;
      return isKnown ? [beforeStep(step, periodMs), dated(step)] : [dated(step)];
    },
  };
}
