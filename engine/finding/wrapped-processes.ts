import type { ProcessFacts } from '../machine/machine.ts';
import type { RunBook } from '../runs/run-book.ts';
import type { Store } from '../store/store.ts';

/** Processes on a GPU that belong to runs that a command is, and not to found ones. */
export interface WrappedProcesses {
  /** Whether a process says that it belongs to a wrapped run that is on, or is in the tree of one. `chain`: the process first, then its ancestors. */
  take(pid: number, chain: readonly ProcessFacts[]): boolean;
  /** What a command left running when it ended by itself may be a run of its own. Where somebody stopped the run, its processes have had theirs. */
  takeLeft(): readonly number[];
  forget(pid: number): void;
  clear(): void;
}

export function createWrappedProcesses(runs: RunBook, store: Pick<Store, 'readRun'>): WrappedProcesses {
  const runIds = new Map<number, string>();

  function runOf(chain: readonly ProcessFacts[]): string | null {
    const said = chain[0]?.environment.WATTRUN_RUN_ID;
    if (said !== undefined && runs.find(said) !== undefined) return said;
    const commands = runs.active().filter((run) => run.record.foundBy === 'command' && run.endMs === null);
    return commands.find((run) => chain.some(({ pid }) => run.pids.has(pid)))?.record.id ?? null;
  }

  return {
    take(pid, chain) {
      const runId = runOf(chain);
      if (runId !== null) runIds.set(pid, runId);
      return runId !== null;
    },
    takeLeft() {
      const ended = [...runIds].filter(([, runId]) => runs.find(runId) === undefined);
      for (const [pid] of ended) runIds.delete(pid);
      return ended.flatMap(([pid, runId]) => (store.readRun(runId)?.record.status === 'stopped' ? [] : [pid]));
    },
    forget: (pid) => void runIds.delete(pid),
    clear: () => runIds.clear(),
  };
}
