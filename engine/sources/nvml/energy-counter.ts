import { msFromSeconds, secondsFromMs } from '../../../shared/units.ts';
import type { Clock } from '../../clock/clock.ts';
import { type SeenStep, stepPeriodMs } from '../step-period.ts';
import type { Asked, Timed } from './ask.ts';
import { valueOrNull } from './nvml-api.ts';

/** A look at a counter in mJ. */
export type LookAtCounter = () => Asked<Timed<number>>;

/** What is known of a counter's conduct. `isUsable`: its differences are energy. */
export interface CounterConduct {
  readonly lastMillijoules: number | null;
  /** Since when it has stood at `lastMillijoules` while power was drawn; null: it moved, or nothing was drawn. */
  readonly stillSinceMs: number | null;
  /** It has been seen to move. */
  readonly isProven: boolean;
  readonly fellAtMs: number | null;
  /** Until then only forward movement will mend its name. */
  readonly distrustedUntilMs: number;
  readonly isUsable: boolean;
}

export const unknownConduct: CounterConduct = {
  lastMillijoules: null,
  stillSinceMs: null,
  isProven: false,
  fellAtMs: null,
  distrustedUntilMs: Number.NEGATIVE_INFINITY,
  isUsable: false,
};

/**
 * Counters move every 1 to 100 ms while power is drawn. One that never moved is doubted soon. One that did may catch up at once, and its difference then corrects what
 * samples told meanwhile: it is given up where it has not in all this time.
 */
const stillAfterMs = { proven: 10_000, unproven: 500 } as const;
/** One fall is a reset (the driver was reloaded). Two within this time are a counter that does not count. */
const fallMemoryMs = 60_000;
const penanceMs = 10_000;
const drawnWatts = 1;

/**
 * Advances what is known of a counter by one look at it. It is used from the first look on, unless it stands still while more than 1 W is drawn or
 * falls again and again; then not until it moves forward again. Nothing here is for good.
 */
export function observeCounter(
  conduct: CounterConduct,
  look: { readonly millijoules: number; readonly atMs: number; readonly powerWatts: number | null },
): CounterConduct {
  const { millijoules, atMs } = look;
  const { lastMillijoules } = conduct;
  if (lastMillijoules !== null && millijoules > lastMillijoules)
    return {
      ...conduct,
      lastMillijoules: millijoules,
      stillSinceMs: null,
      isProven: true,
      isUsable: atMs >= conduct.distrustedUntilMs,
    };
  const next = { ...conduct, lastMillijoules: millijoules, stillSinceMs: null };
  if (lastMillijoules === null) return { ...next, isUsable: true };
  if (millijoules < lastMillijoules) {
    const isAgain = conduct.fellAtMs !== null && atMs - conduct.fellAtMs < fallMemoryMs;
    const distrustedUntilMs = isAgain ? atMs + penanceMs : conduct.distrustedUntilMs;
    return { ...next, fellAtMs: atMs, distrustedUntilMs, isUsable: !isAgain };
  }
  // A board that is awake draws some watts, whether its driver tells them or not.
  if (look.powerWatts !== null && look.powerWatts <= drawnWatts) return next;
  const stillSinceMs = conduct.stillSinceMs ?? atMs;
  const limitMs = conduct.isProven ? stillAfterMs.proven : stillAfterMs.unproven;
  return { ...next, stillSinceMs, isUsable: conduct.isUsable && atMs - stillSinceMs < limitMs };
}

/** A counter at the moment of its step: its value then, and how closely the moment is known. */
export interface CounterStep {
  readonly millijoules: number;
  /** What it stood at until then. */
  readonly beforeMillijoules: number;
  readonly atMs: number;
  readonly gapSeconds: number;
  /** Time since the first look: the counter was at least so old then, or is renewed so seldom. */
  readonly waitedSeconds: number;
}

const edgePollMs = 2;
/** A step that lies between two looks further apart than this is timed anew with the next one, where there is time. */
const looseGapMs = 4;
/** Counters step every 100 ms at most; some more for a thread that is late. */
export const longestEdgeMs = 130;

/**
 * Waits for the counter's next step: a counter that is renewed every 20 to 100 ms is up to that old when read, and its value is exact only at the
 * moment it is renewed. The moment lies between the last two looks; their middle is given. Null where it does not step in time or a look fails.
 */
export async function awaitStep(
  look: LookAtCounter,
  options: { readonly clock: Clock; readonly limitMs: number; readonly signal: AbortSignal },
): Promise<CounterStep | null> {
  const { clock, limitMs, signal } = options;
  let last = await look();
  let lastMillijoules = valueOrNull(last.result);
  let best: CounterStep | null = null;
  let sinceMs = last.atMs;
  const untilMs = last.atMs + limitMs;
  while (lastMillijoules !== null && last.atMs < untilMs && !signal.aborted) {
    await clock.sleep(edgePollMs, signal);
    const next = await look();
    const millijoules = valueOrNull(next.result);
    if (millijoules === null) return best;
    if (millijoules !== lastMillijoules) {
      const atMs = (last.atMs + next.atMs) / 2;
      const gapMs = next.atMs - last.atMs;
      const step = {
        millijoules,
        beforeMillijoules: lastMillijoules,
        atMs,
        gapSeconds: secondsFromMs(gapMs),
        waitedSeconds: secondsFromMs(atMs - sinceMs),
      };
      if (gapMs <= looseGapMs) return step;
      if (best === null || step.gapSeconds < best.gapSeconds) best = step;
      sinceMs = atMs;
    }
    last = next;
    lastMillijoules = millijoules;
  }
  return best;
}

/** Of a counter that nobody has watched yet. */
export const unknownLagSeconds = 0.1;

/** Steps watched to learn how often a counter is renewed, and at most where looks come so late that the first ones do not tell. */
const watchedSteps = 4;
const mostWatchedSteps = 12;

/**
 * How old the counter may be when read: the shortest time from one of its steps to the next, in seconds. Where it steps between any two looks, the time between
 * these, as long as they are close. Null where it does not step, or where a busy machine lets no two steps in a row be seen.
 */
export async function learnLag(
  look: LookAtCounter,
  options: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<number | null> {
  const periodsMs: number[] = [];
  let before: CounterStep | null = null;
  for (let steps = 1; steps <= mostWatchedSteps; steps++) {
    const step = await awaitStep(look, { ...options, limitMs: longestEdgeMs });
    if (step === null) break;
    const periodMs = before === null ? null : stepPeriodMs(seenStep(before), seenStep(step), looseGapMs);
    if (periodMs !== null) periodsMs.push(periodMs);
    before = step;
    if (steps >= watchedSteps && periodsMs.length > 0) break;
  }
  return periodsMs.length === 0 ? null : secondsFromMs(Math.min(...periodsMs));
}

const seenStep = ({ atMs, gapSeconds, beforeMillijoules, millijoules }: CounterStep): SeenStep => ({
  atMs,
  gapMs: msFromSeconds(gapSeconds),
  from: beforeMillijoules,
  to: millijoules,
});
