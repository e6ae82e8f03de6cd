import { z } from 'zod';
import type { Machine } from '../machine/machine.ts';
import { isAlive } from '../runs/root-process.ts';
import type { LearnedFacts } from '../sources/source.ts';
import type { Store } from '../store/store.ts';
import { isOnce } from './classify.ts';

/** What is kept of found runs between two engines: what the open ones stand on, and what is never to be found again. */
const openRunSchema = z.object({
  runId: z.string(),
  roots: z.array(z.object({ pid: z.number().int(), startedTicks: z.number() })),
  keys: z.array(z.string()),
});
export type OpenFoundRun = z.infer<typeof openRunSchema>;

const openKey = 'finding/open-runs';
const dismissedKey = 'finding/dismissed';
const mostDismissed = 500;

const readOpenRuns = (learned: Pick<LearnedFacts, 'read'>): readonly OpenFoundRun[] =>
  z.array(openRunSchema).catch([]).parse(learned.read(openKey));

export interface FoundRecord {
  isDismissed(keys: readonly string[]): boolean;
  /** What has one of these that come once is not found again. */
  dismiss(keys: readonly string[]): void;
  /** What a found run stood on when it was last written. */
  openRun(runId: string): OpenFoundRun | undefined;
  /** Written only when it has changed: at a promotion, a new root, an end. */
  putOpenRuns(runs: readonly OpenFoundRun[]): void;
}

export function createFoundRecord(learned: LearnedFacts): FoundRecord {
  const dismissed = new Set(z.array(z.string()).catch([]).parse(learned.read(dismissedKey)).filter(isOnce));
  let written = '';
  return {
    isDismissed: (keys) => keys.some((key) => dismissed.has(key)),
    dismiss(keys) {
      for (const key of keys.filter(isOnce)) dismissed.add(key);
      // The newest of them: processes end, and so do boots.
      learned.write(dismissedKey, [...dismissed].slice(-mostDismissed));
    },
    openRun: (runId) => readOpenRuns(learned).find((run) => run.runId === runId),
    putOpenRuns(runs) {
      const text = JSON.stringify(runs);
      if (text === written) return;
      written = text;
      learned.write(openKey, runs);
    },
  };
}

/** Found runs that are open on record and whose processes live, with those that do. */
export function livingFoundRuns(
  store: Pick<Store, 'listOpenRuns' | 'readRun' | 'readLearned'>,
  machine: Pick<Machine, 'readProcess' | 'hasProcess'>,
): ReadonlyMap<string, OpenFoundRun> {
  const known = new Map(readOpenRuns({ read: store.readLearned }).map((run) => [run.runId, run]));
  const living = store.listOpenRuns().flatMap(({ record }) => {
    const open = record.foundBy === 'process' ? known.get(record.id) : undefined;
    const roots = open?.roots.filter((root) => isAlive(machine, root)) ?? [];
    // One that was dismissed is open no more, whatever its processes do.
    return open === undefined || roots.length === 0 || store.readRun(record.id) === null ? [] : [{ ...open, roots }];
  });
  return new Map(living.map((run) => [run.runId, run]));
}
