import { msFromSeconds } from '../../../shared/units.ts';
import type { Clock } from '../../clock/clock.ts';
import type { OutboxRow, Store, StoredDestination } from '../../store/store.ts';
import { type Deliver, type Delivered, failed, messageSchema } from './delivery.ts';
import type { SecretFile } from './secret-file.ts';

export interface OutboxSenderOptions {
  readonly store: Pick<Store, 'nextMessage' | 'noteTry'>;
  readonly clock: Clock;
  readonly secrets: Pick<SecretFile, 'read'>;
  readonly destinations: () => readonly StoredDestination[];
  readonly deliver: Deliver;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** 0…1. */
  readonly random: () => number;
  readonly onTried: () => void;
  readonly log: (message: string) => void;
}

export interface OutboxSender {
  /** Something may be due: a message was put in, a destination changed. */
  wake(): void;
  /** Sends what is due now, for so long at most. */
  flush(limitMs: number): Promise<void>;
  close(): Promise<void>;
}

const firstBackOffMs = 1000;
const troubleMs = 10_000;
const longestBackOffMs = 5 * 60_000;
/** Looks again at least so often: the wall clock may have been set. */
const longestSleepMs = 30_000;

/** Doubling from a second to five minutes, each a fifth shorter or longer by chance, so that many do not come at once. */
export function backOffMs(attempts: number, random: number): number {
  const base = Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.min(attempts, 20));
  return base * (0.8 + 0.4 * random);
}

/**
 * Sends what waits in the record, to each destination one by one in the order in which it was written. What fails is tried again until it is delivered;
 * what comes after it waits. A process that dies between sending and noting it sends that message once more: its id is the same.
 */
export function createOutboxSender(options: OutboxSenderOptions): OutboxSender {
  const { store, clock } = options;
  const stop = new AbortController();
  const busy = new Map<string, Promise<void>>();
  let sleep = new AbortController();

  function nextOf({ id, isEnabled }: StoredDestination): OutboxRow | null {
    return isEnabled ? store.nextMessage(id, clock.unixMs()) : null;
  }

  async function send(destination: StoredDestination, row: OutboxRow): Promise<void> {
    const message = messageSchema.safeParse(JSON.parse(row.payload));
    const result: Delivered = message.success
      ? await options.deliver(message.data, {
          destination,
          secrets: options.secrets.read(destination.id),
          unixMs: clock.unixMs(),
          environment: options.environment,
          signal: stop.signal,
        })
      : failed('It cannot be read any more.', { isFinal: true });
    // Cut off by the end of this process: not a failure, the next engine sends it.
    if (stop.signal.aborted && result.kind === 'failed') return;
    note(row, result);
  }

  function note(row: OutboxRow, result: Delivered): void {
    const triedMs = clock.unixMs();
    if (result.kind === 'delivered') {
      store.noteTry(row.id, { state: 'delivered', triedMs, nextMs: triedMs, error: null });
    } else {
      const waitMs = Math.max(backOffMs(row.attempts, options.random()), msFromSeconds(result.retryAfterSeconds ?? 0));
      store.noteTry(row.id, {
        state: result.isFinal ? 'failed' : 'waiting',
        triedMs,
        nextMs: triedMs + waitMs,
        error: result.error,
      });
    }
    options.onTried();
  }

  /** Until nothing is due. */
  async function work(id: string): Promise<void> {
    while (!stop.signal.aborted) {
      const destination = options.destinations().find((one) => one.id === id);
      const row = destination === undefined ? null : nextOf(destination);
      if (destination === undefined || row === null || row.nextMs > clock.unixMs()) return;
      await send(destination, row);
    }
  }

  function start(id: string): void {
    if (busy.has(id)) return;
    const done = work(id)
      .catch((error: unknown) => {
        options.log(`alerts: ${error instanceof Error ? error.message : String(error)}`);
        // The record cannot be written: what was sent would be sent again and again.
        return clock.sleep(troubleMs, stop.signal);
      })
      .finally(() => busy.delete(id));
    busy.set(id, done);
  }

  /** The soonest that any waits for; null: nothing waits. Starts what is due. */
  function look(): number | null {
    const nowMs = clock.unixMs();
    let soonestMs: number | null = null;
    for (const destination of options.destinations()) {
      const row = nextOf(destination);
      if (row === null) continue;
      if (row.nextMs <= nowMs) start(destination.id);
      else soonestMs = Math.min(soonestMs ?? row.nextMs, row.nextMs);
    }
    return soonestMs;
  }

  async function loop(): Promise<void> {
    while (!stop.signal.aborted) {
      sleep = new AbortController();
      const soonestMs = look();
      const running = [...busy.values()];
      const restMs = Math.min(longestSleepMs, soonestMs === null ? longestSleepMs : soonestMs - clock.unixMs());
      await Promise.race([clock.sleep(Math.max(20, restMs), AbortSignal.any([sleep.signal, stop.signal])), ...running]);
    }
  }

  let looping: Promise<void> | null = null;
  const isAnythingThere = (): boolean => options.destinations().length > 0;

  return {
    wake() {
      if (stop.signal.aborted) return;
      sleep.abort();
      // Without destinations nothing runs.
      if (looping === null && isAnythingThere())
        looping = loop().catch((error: unknown) => options.log(`alerts: ${String(error)}`));
    },
    async flush(limitMs) {
      look();
      await Promise.race([Promise.all(busy.values()), clock.sleep(limitMs)]);
    },
    async close() {
      stop.abort();
      sleep.abort();
      await looping;
      await Promise.all(busy.values());
    },
  };
}
