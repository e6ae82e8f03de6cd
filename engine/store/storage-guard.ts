import { WattrunError } from '../../shared/contract/errors.ts';
import type { LiveState } from '../../shared/model/live.ts';
import type { Store } from './store.ts';

/** Stands between the engine and its record: while nothing can be written, writes wait in memory and Live goes on. */
export interface StorageGuard {
  write(work: () => void): void;
  flush(): void;
  state(): LiveState['storage'];
}

/** About twenty minutes at 1 Hz; beyond that the oldest are given up, and said so. */
const mostWaiting = 1200;
const sizeEveryWrites = 30;

export function createStorageGuard(store: Store, log: (message: string) => void): StorageGuard {
  let waiting: (() => void)[] = [];
  let trouble: WattrunError | null = null;
  let lost = 0;
  let writes = 0;
  let sizeBytes = store.sizeBytes();

  function flush(): void {
    while (waiting.length > 0) {
      try {
        waiting[0]?.();
      } catch (error) {
        if (!(error instanceof WattrunError) && !isBusy(error)) {
          // Not the disk's doing: this write can never work, the rest may.
          log(`a write failed: ${error instanceof Error ? error.stack : String(error)}`);
          waiting.shift();
          continue;
        }
        if (trouble === null) log(`recording stopped: ${error instanceof Error ? error.message : String(error)}`);
        trouble =
          error instanceof WattrunError
            ? error
            : new WattrunError('store/full', 'The record is locked by another program.');
        return;
      }
      waiting.shift();
    }
    if (trouble !== null) log('recording goes on');
    trouble = null;
  }

  return {
    write(work) {
      waiting.push(work);
      if (waiting.length > mostWaiting) {
        waiting = waiting.slice(-mostWaiting);
        lost++;
      }
      flush();
      if (++writes % sizeEveryWrites === 0) sizeBytes = store.sizeBytes();
    },
    flush,
    state() {
      if (trouble === null) return { kind: 'recording', message: null, sizeBytes };
      const message = [trouble.message, trouble.hint, lost > 0 ? `${lost} readings could not be kept.` : undefined]
        .filter(Boolean)
        .join(' ');
      return { kind: trouble.code === 'store/full' ? 'full' : 'failed', message, sizeBytes };
    },
  };
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && /database is locked|SQLITE_BUSY/i.test(error.message);
