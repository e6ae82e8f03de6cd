import type { Clock } from './clock.ts';

/** A clock that moves only when told to: for tests, and for filling the demo's past at full speed. */
export interface FakeClock extends Clock {
  advance(deltaMs: number): void;
  /** Moves the wall clock alone, as NTP, a person or a suspended laptop does. */
  stepUnix(deltaMs: number): void;
}

export function createFakeClock(startUnixMs: number, startMonotonicMs = 1000): FakeClock {
  let monotonicMs = startMonotonicMs;
  let unixMs = startUnixMs;
  const sleepers = new Set<{ readonly dueMs: number; readonly wake: () => void }>();
  return {
    monotonicMs: () => monotonicMs,
    unixMs: () => unixMs,
    sleep(delayMs, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = { dueMs: monotonicMs + delayMs, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => sleepers.delete(sleeper) && resolve(), { once: true });
      });
    },
    advance(deltaMs) {
      monotonicMs += deltaMs;
      unixMs += deltaMs;
      for (const sleeper of [...sleepers]) {
        if (sleeper.dueMs > monotonicMs) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
    stepUnix(deltaMs) {
      unixMs += deltaMs;
    },
  };
}
