import type { Clock } from './clock.ts';

/** What the wall clock did, measured against the monotonic one, since the last look. */
export type ClockEvent =
  | { readonly kind: 'steady' }
  | { readonly kind: 'suspend'; readonly deltaMs: number }
  | { readonly kind: 'step'; readonly deltaMs: number };

/** Maps monotonic to Unix time through an anchor that moves only when the wall clock really jumped. */
export interface Timeline {
  unixFromMonotonic(monotonicMs: number): number;
  monotonicFromUnix(unixMs: number): number;
  /** Looks at both clocks; after a jump of over two seconds the anchor is set anew and the event says which kind it was. */
  check(): ClockEvent;
}

const jumpToleranceMs = 2000;

/**
 * `readBootMs` gives the time since boot with suspended time counted (Linux: /proc/uptime), or null where there is none. With it a
 * suspend (boot time jumped too) and a set clock (it did not) can be told apart; without it a forward jump is taken for a suspend.
 */
export function createTimeline(clock: Clock, readBootMs: () => number | null = () => null): Timeline {
  let offsetMs = measureOffsetMs(clock);
  let bootOffsetMs = bootOffset();

  function bootOffset(): number | null {
    const bootMs = readBootMs();
    return bootMs === null ? null : bootMs - clock.monotonicMs();
  }

  return {
    unixFromMonotonic: (monotonicMs) => monotonicMs + offsetMs,
    monotonicFromUnix: (unixMs) => unixMs - offsetMs,
    check() {
      const deltaMs = clock.unixMs() - clock.monotonicMs() - offsetMs;
      const nextBootOffsetMs = bootOffset();
      const sleptMs = bootOffsetMs === null || nextBootOffsetMs === null ? null : nextBootOffsetMs - bootOffsetMs;
      bootOffsetMs = nextBootOffsetMs;
      if (sleptMs !== null && sleptMs > jumpToleranceMs) {
        offsetMs = measureOffsetMs(clock);
        return { kind: 'suspend', deltaMs: sleptMs };
      }
      if (Math.abs(deltaMs) <= jumpToleranceMs) return { kind: 'steady' };
      offsetMs = measureOffsetMs(clock);
      return sleptMs === null && deltaMs > 0 ? { kind: 'suspend', deltaMs } : { kind: 'step', deltaMs };
    },
  };
}

const anchorTries = 7;

/** Unix less monotonic time. A process can be put aside between two looks at two clocks: of several tries the one that took least time counts. */
function measureOffsetMs(clock: Clock): number {
  let best = { spanMs: Number.POSITIVE_INFINITY, offsetMs: 0 };
  for (let i = 0; i < anchorTries; i++) {
    const beforeMs = clock.monotonicMs();
    const unixMs = clock.unixMs();
    const spanMs = clock.monotonicMs() - beforeMs;
    if (spanMs < best.spanMs) best = { spanMs, offsetMs: unixMs - (beforeMs + spanMs / 2) };
  }
  return best.offsetMs;
}
