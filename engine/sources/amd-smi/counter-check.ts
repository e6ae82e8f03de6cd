import { secondsFromMs } from '../../../shared/units.ts';

export interface CounterCheck {
  /** The counter if it may be trusted by now; null before that and for good once it disagreed. */
  check(sample: CounterSample): number | null;
}

export interface CounterSample {
  readonly atMs: number;
  readonly counterJoules: number | null;
  readonly powerWatts: number | null;
}

/** Steps in a row that must agree before the counter counts. */
const wantedSteps = 3;
/** A counter that is out is out by its unit, a hundredfold or so; a load that changes between two samples is not. */
const mostRatio = 3;

/**
 * AMD's energy counters are wrong by a constant factor on some boards (https://github.com/ROCm/amdsmi/issues/38, rocm_smi_lib/issues/180). One counts
 * only after three steps whose mean power was within a factor of 3 of what the power sensor said around them; a step that does not agree rules it out
 * for good. Without a power sensor nothing can vouch for it.
 */
export function createCounterCheck(): CounterCheck {
  let last: CounterSample | null = null;
  let agreed = 0;
  let isRefuted = false;
  return {
    check(sample) {
      const before = last;
      last = sample;
      if (isRefuted || sample.counterJoules === null) return null;
      const verdict = before === null ? null : agrees(before, sample);
      if (verdict === false) isRefuted = true;
      if (verdict === true) agreed++;
      return !isRefuted && agreed >= wantedSteps ? sample.counterJoules : null;
    },
  };
}

/** Null where the step says nothing: a value missing, no power to compare with, or a counter that began anew. */
function agrees(before: CounterSample, now: CounterSample): boolean | null {
  if (before.counterJoules === null || now.counterJoules === null) return null;
  if (before.powerWatts === null || now.powerWatts === null) return null;
  const joules = now.counterJoules - before.counterJoules;
  const seconds = secondsFromMs(now.atMs - before.atMs);
  const [least, most] = [before.powerWatts, now.powerWatts].sort((a, b) => a - b);
  if (joules < 0 || seconds <= 0 || least === undefined || most === undefined || least < 1) return null;
  const watts = joules / seconds;
  return watts >= least / mostRatio && watts <= most * mostRatio;
}
