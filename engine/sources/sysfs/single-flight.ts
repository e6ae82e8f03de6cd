import { withTimeout } from '../with-timeout.ts';

/**
 * Starts `work` at most once at a time: a read that the kernel never ends (a GPU that hangs in its reset) keeps one thread, not one more at every tick.
 * 'timeout' while the last one has not ended, and when this one outruns its time, or `until` where that is given.
 */
export function createSingleFlight<T>(
  work: () => Promise<T>,
  limitMs: number,
): (until?: Promise<unknown>) => Promise<T | 'timeout'> {
  let isFlying = false;
  return async (until) => {
    if (isFlying) return 'timeout';
    isFlying = true;
    const flight = work().finally(() => {
      isFlying = false;
    });
    return withTimeout(flight, until ?? limitMs);
  };
}
