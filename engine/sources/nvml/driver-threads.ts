import { systemClock } from '../../clock/clock.ts';

/** Threads of libuv's pool that NVML's calls are made on. */
export interface DriverThreads {
  /** Begins a call of a device, once there is a thread for it; null: of none. `giveBack` is to be called when it has ended. */
  run(device: bigint | null, begin: (giveBack: () => void) => void): void;
  /** In the driver at this moment. */
  count(): number;
  /** What waits for a call that hangs is begun when this moment has come at the latest: no timer is set for it until then, unless one is known to hang. */
  lookAgainAt(moment: Promise<unknown>): void;
}

/** Calls that move at once of a driver that is slow. */
const mostMoving = 2;
/**
 * A driver that answers sooner is asked one thing after another by one thread: to wake a second one costs more than it saves. One that took longer is asked
 * everything at once for so long after its answer.
 */
const quickMs = 5;
/** A call that takes longer is held by a driver that hangs, and takes no turn from other devices any more. */
const heldMs = 100;
/** Of the pool's threads these are left for files, however many calls hang. */
const leftForFiles = 2;

interface Waiting {
  readonly device: bigint | null;
  readonly begin: (giveBack: () => void) => void;
}

interface Running {
  readonly device: bigint | null;
  readonly sinceMs: number;
}

/**
 * Shares the pool's threads among calls: a hung driver keeps each for as long as it hangs, and files are read by the same pool. A device has one thread at a
 * time, so that one that hangs keeps one, whoever asks it; and those that hang keep no others waiting while there are threads.
 */
export function createDriverThreads(poolSize: number): DriverThreads {
  const mostWhileAlive = Math.max(mostMoving, poolSize - 1);
  const mostInAll = Math.max(mostMoving, poolSize - leftForFiles);
  let running: readonly Running[] = [];
  let waiting: readonly Waiting[] = [];
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  let lastTookMs = 0;
  let recheck: NodeJS.Timeout | null = null;
  let looksToCome = 0;

  const isMoving = (call: Running, nowMs: number): boolean => nowMs - call.sinceMs < heldMs;

  function hasThread(): boolean {
    const nowMs = systemClock.monotonicMs();
    const isQuick = lastTookMs <= quickMs;
    if (!isQuick && nowMs - answeredAtMs < quickMs) return running.length < mostWhileAlive;
    const moving = running.filter((call) => isMoving(call, nowMs));
    const isAnyHeld = moving.length < running.length;
    return moving.length < (isQuick && !isAnyHeld ? 1 : mostMoving) && running.length < mostInAll;
  }

  /** Somebody looks again before long, and every call that is under way moves as far as anybody knows. */
  function isLookedAfter(): boolean {
    const nowMs = systemClock.monotonicMs();
    return looksToCome > 0 && running.every((call) => isMoving(call, nowMs));
  }

  const isBusy = (device: bigint | null): boolean => device !== null && running.some((call) => call.device === device);

  function start({ device, begin }: Waiting): void {
    const call: Running = { device, sinceMs: systemClock.monotonicMs() };
    running = [...running, call];
    begin(() => {
      running = running.filter((one) => one !== call);
      answeredAtMs = systemClock.monotonicMs();
      lastTookMs = answeredAtMs - call.sinceMs;
      startWaiting();
    });
  }

  function startWaiting(): void {
    for (const one of waiting) {
      if (!hasThread()) break;
      if (isBusy(one.device)) continue;
      waiting = waiting.filter((other) => other !== one);
      start(one);
    }
    if (waiting.length === 0 || recheck !== null || isLookedAfter()) return;
    recheck = setTimeout(() => {
      recheck = null;
      startWaiting();
    }, heldMs);
    recheck.unref();
  }

  return {
    count: () => running.length,
    lookAgainAt(moment) {
      looksToCome++;
      moment.then(() => {
        looksToCome--;
        startWaiting();
      });
    },
    run(device, begin) {
      waiting = [...waiting, { device, begin }];
      startWaiting();
    },
  };
}
