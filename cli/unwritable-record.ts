import { livingFoundRuns } from '../engine/finding/found-record.ts';
import { createLocalMachine } from '../engine/machine/local-machine.ts';
import { recordPath } from '../engine/ownership/data-directory.ts';
import { claimOwnership, type Ownership } from '../engine/ownership/ownership.ts';
import { readAsInterrupted } from '../engine/runs/interrupted.ts';
import { livingRuns } from '../engine/runs/living-runs.ts';
import { isUnwritable } from '../engine/store/open-database.ts';
import { createReadingStore, createSqliteStore } from '../engine/store/sqlite-store.ts';
import type { Store } from '../engine/store/store.ts';
import { WattrunError } from '../shared/contract/errors.ts';
import type { CliContext } from './context.ts';

export type Claim =
  | { readonly kind: 'claimed'; readonly ownership: Ownership }
  | { readonly kind: 'taken' }
  | { readonly kind: 'unwritable'; readonly error: unknown };

export function claimIfWritable(directory: string): Claim {
  try {
    const ownership = claimOwnership(directory);
    return ownership === null ? { kind: 'taken' } : { kind: 'claimed', ownership };
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    return { kind: 'unwritable', error };
  }
}

/** Throws `cause`, which says why nothing can be written, where nothing can be read either. `isAlone`: no engine lives. */
export function openForReading(context: CliContext, cause: unknown, isAlone: boolean): Store {
  try {
    const store = createReadingStore(recordPath(context.directory));
    return isAlone ? readAsInterrupted(store, livingRunIds(store, context)) : store;
  } catch (error) {
    throw isUnwritable(error) ? cause : error;
  }
}

/** Runs of an engine that is gone whose processes go on: they wait for the next engine. */
export function livingRunIds(store: Store, { environment }: CliContext): ReadonlySet<string> {
  const machine = createLocalMachine(environment.WATTRUN_PROCFS || '/proc', environment.WATTRUN_SYSFS || '/sys');
  return new Set([...livingFoundRuns(store, machine).keys(), ...livingRuns(store, machine, Date.now())]);
}

/** Keeps in memory what is written, and knows the settings and facts on record, where that can be read. */
export function forgettingStore({ directory }: CliContext): Store {
  const memory = createSqliteStore({ path: ':memory:', nowMs: Date.now() });
  try {
    const record = createReadingStore(recordPath(directory));
    const { readSettings, readLearned } = record;
    return {
      ...memory,
      readSettings,
      readLearned,
      close() {
        memory.close();
        record.close();
      },
    };
  } catch (error) {
    if (!(error instanceof WattrunError)) throw error;
    return memory;
  }
}
