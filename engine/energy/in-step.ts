import { msFromSeconds } from '../../shared/units.ts';
import type { PowerSample } from './mean-power.ts';

/** How a sensor sees: every `updateMs` the mean of the last `windowSeconds`. */
export interface SensorTiming {
  readonly updateMs: number;
  readonly windowSeconds: number;
}

export interface InStepWatch {
  /**
   * Takes samples in the order of time. Gives by how many watts at most the mean power of a load that keeps step with the sensor is off, for power that goes one
   * way from one window to the next; 0 for any other load.
   */
  see(samples: readonly PowerSample[]): number;
}

/** So many renewals are kept: of a load that is not quite in step the last have moved on from the first. */
const keptRenewals = 100;
/** Longer periods hold so many renewals that what lies between these matters less than the sensor's documented error. */
const mostPhases = 10;
/** A pattern is one once it has come so often. */
const leastRepeats = 3;
/** Renewals of the same phase differ by so much of what those of others do, in the mean square: a sensor's noise. */
const noiseRatio = 0.03;
/** Moments within an update at which the sensor may renew its value, tried to find when it does. */
const triedMoments = 20;

/**
 * Watches for a load whose period is a whole number of the sensor's updates: it is seen at the same few phases again and again, and what lies between them is
 * never seen, however long it runs. So its error is no random one that a longer run makes smaller. A load with a period of one update, or a whole part of it, shows
 * as a constant power, and nothing tells it from one.
 */
export function createInStepWatch(timing: SensorTiming): InStepWatch {
  let kept: readonly PowerSample[] = [];
  // It misses nothing, and no load can keep step with that.
  if (msFromSeconds(timing.windowSeconds) >= timing.updateMs) return { see: () => 0 };
  return {
    see(samples) {
      const after = kept.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY;
      const all = [...kept, ...samples.filter((sample) => sample.atMs > after)];
      const fromMs = (all.at(-1)?.atMs ?? 0) - keptRenewals * timing.updateMs;
      kept = all.filter((sample) => sample.atMs > fromMs);
      return inStepErrorWatts(renewalsOf(kept, timing.updateMs), timing);
    },
  };
}

type Renewals = readonly (number | null)[];

/** The sensor's values, one for each update; null for one that no sample saw. */
function renewalsOf(samples: readonly PowerSample[], updateMs: number): Renewals {
  const [first] = samples;
  if (first === undefined) return [];
  const momentMs = renewalMoment(samples, updateMs);
  const slotOf = (atMs: number): number => Math.floor((atMs - momentMs) / updateMs);
  const firstSlot = slotOf(first.atMs);
  const renewals: (number | null)[] = [];
  for (const { atMs, watts } of samples) {
    const slot = slotOf(atMs) - firstSlot;
    while (renewals.length < slot) renewals.push(null);
    renewals[slot] = watts;
  }
  return renewals;
}

/** When within an update the value is renewed: in the middle of the moments at which the fewest samples of one update would differ. */
function renewalMoment(samples: readonly PowerSample[], updateMs: number): number {
  const moments = Array.from({ length: triedMoments }, (_, i) => (i * updateMs) / triedMoments);
  const conflicts = moments.map((momentMs) => conflictsAt(samples, momentMs, updateMs));
  const fewest = Math.min(...conflicts);
  // The moments that do as well may go over the end of the update: they are followed from one that does not.
  const start = Math.max(
    0,
    conflicts.findIndex((count) => count > fewest),
  );
  const inTurn = moments.map((_, i) => (start + i) % triedMoments);
  const best = inTurn.findIndex((index) => conflicts[index] === fewest);
  const run = inTurn.slice(best).findIndex((index) => conflicts[index] !== fewest);
  const length = run === -1 ? triedMoments - best : run;
  return ((start + best + (length - 1) / 2) * updateMs) / triedMoments;
}

/** Loops and no lists from here on: this is done every second for every GPU. */
function conflictsAt(samples: readonly PowerSample[], momentMs: number, updateMs: number): number {
  let conflicts = 0;
  let lastSlot = Number.NaN;
  let lastWatts = Number.NaN;
  for (const { atMs, watts } of samples) {
    const slot = Math.floor((atMs - momentMs) / updateMs);
    if (slot === lastSlot && watts !== lastWatts) conflicts++;
    lastSlot = slot;
    lastWatts = watts;
  }
  return conflicts;
}

interface Difference {
  readonly meanSquare: number;
  readonly meanWatts: number;
}

/** How far values so many updates apart differ; null where too few are known. */
function differenceAt(renewals: Renewals, lag: number): Difference | null {
  let squares = 0;
  let watts = 0;
  let count = 0;
  for (let i = lag; i < renewals.length; i++) {
    const value = renewals[i] ?? null;
    const before = renewals[i - lag] ?? null;
    if (value === null || before === null) continue;
    squares += (value - before) ** 2;
    watts += Math.abs(value - before);
    count++;
  }
  return count < Math.max(1, lag) ? null : { meanSquare: squares / count, meanWatts: watts / count };
}

/** Whether the values come again after so many updates, and after every whole number of these, for as long as they are known. */
function comesAgain(renewals: Renewals, phases: number, mostSquare: number): boolean {
  for (let lag = phases; lag <= renewals.length / 2; lag += phases) {
    const difference = differenceAt(renewals, lag);
    if (difference === null || difference.meanSquare > noiseRatio * mostSquare) return false;
  }
  return true;
}

/** Whether a pattern of a few phases, which differ, comes again and again. */
function isInStep(renewals: Renewals): boolean {
  let mostSquare = differenceAt(renewals, 1)?.meanSquare ?? 0;
  for (let phases = 2; phases <= mostPhases && renewals.length >= leastRepeats * phases; phases++) {
    if (mostSquare > 0 && comesAgain(renewals, phases, mostSquare)) return true;
    mostSquare = Math.max(mostSquare, differenceAt(renewals, phases)?.meanSquare ?? 0);
  }
  return false;
}

/**
 * Between two windows the power goes from what one saw to what the next one did, at a moment that is not known: the stretch between holds half the unseen time × the
 * difference more or less than the trapezoid says. Each comes again with every repeat, so they are added up: half the unseen share × the mean difference.
 */
function inStepErrorWatts(renewals: Renewals, { updateMs, windowSeconds }: SensorTiming): number {
  if (!isInStep(renewals)) return 0;
  const unseenRatio = 1 - msFromSeconds(windowSeconds) / updateMs;
  return (unseenRatio / 2) * (differenceAt(renewals, 1)?.meanWatts ?? 0);
}
