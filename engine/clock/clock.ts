import { msFromNanoseconds } from '../../shared/units.ts';

/** Two clocks in one: monotonic integrates, Unix time labels. Both in milliseconds; the monotonic origin is arbitrary. */
export interface Clock {
  monotonicMs(): number;
  unixMs(): number;
  /** Resolves after the delay, or at once when the signal aborts; never rejects. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  // Of the same clock as performance.now(), which takes five times as long, and is read some hundred times a tick.
  monotonicMs: () => msFromNanoseconds(Number(process.hrtime.bigint())),
  unixMs: () => Date.now(),
  sleep(delayMs, signal) {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleepers = signal === undefined ? null : sleepersOf(signal);
      const wake = (): void => {
        clearTimeout(timer);
        sleepers?.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, delayMs);
      sleepers?.add(wake);
    });
  },
};

/** Who sleeps until a signal comes. It is listened to once: a listener for every sleep costs more than all else about it, every second. */
const sleeping = new WeakMap<AbortSignal, Set<() => void>>();

function sleepersOf(signal: AbortSignal): Set<() => void> {
  const known = sleeping.get(signal);
  if (known !== undefined) return known;
  const own = new Set<() => void>();
  sleeping.set(signal, own);
  const wakeAll = (): void => {
    for (const wake of own) wake();
  };
  signal.addEventListener('abort', wakeAll, { once: true });
  return own;
}
