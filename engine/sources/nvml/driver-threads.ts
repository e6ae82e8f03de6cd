import { systemClock } from '../../clock/clock.ts';

/** Threads of libuv's pool that NVML's calls are made on. */
export interface DriverThreads {
  /** Begins a call of a device, once there is a thread for it; null: of none. `giveBack` is to be called when it has ended. */
  run(device: bigint | null, begin: (giveBack: () => void) => void): void;
  /** In the driver at this moment. */
  count(): number;
}

/** Calls that move at once while the driver has not just answered: more would wake threads for nothing. */
const mostMoving = 2;
/** While it has, so that what is asked of many devices is asked together: each thread that wakes by itself costs a fortieth of a millisecond. */
const aliveMs = 5;
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
  const running = new Set<Running>();
  let waiting: Waiting[] = [];
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  let recheck: NodeJS.Timeout | null = null;

  function hasThread(): boolean {
    const nowMs = systemClock.monotonicMs();
    if (nowMs - answeredAtMs < aliveMs) return running.size < mostWhileAlive;
    const moving = [...running].filter(({ sinceMs }) => nowMs - sinceMs < heldMs);
    return moving.length < mostMoving && running.size < mostInAll;
  }

  const isBusy = (device: bigint | null): boolean =>
    device !== null && [...running].some((call) => call.device === device);

  function start({ device, begin }: Waiting): void {
    const call: Running = { device, sinceMs: systemClock.monotonicMs() };
    running.add(call);
    begin(() => {
      running.delete(call);
      answeredAtMs = systemClock.monotonicMs();
      startWaiting();
    });
  }

  function startWaiting(): void {
    for (const one of [...waiting]) {
      if (!hasThread()) break;
      if (isBusy(one.device)) continue;
      waiting = waiting.filter((other) => other !== one);
      start(one);
    }
    if (waiting.length === 0 || recheck !== null) return;
    recheck = setTimeout(() => {
      recheck = null;
      startWaiting();
    }, heldMs);
    recheck.unref();
  }

  return {
    count: () => running.size,
    run(device, begin) {
      waiting.push({ device, begin });
      startWaiting();
    },
  };
}
