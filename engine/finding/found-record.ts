import { z } from 'zod';
import type { Machine } from '../machine/machine.ts';
import type { RootProcess } from '../runs/run-book.ts';
import type { LearnedFacts } from '../sources/source.ts';
import type { Store } from '../store/store.ts';

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

export const readOpenRuns = (learned: Pick<LearnedFacts, 'read'>): readonly OpenFoundRun[] =>
  z.array(openRunSchema).catch([]).parse(learned.read(openKey));

export const writeOpenRuns = (learned: LearnedFacts, runs: readonly OpenFoundRun[]): void =>
  learned.write(openKey, runs);

export const readDismissed = (learned: Pick<LearnedFacts, 'read'>): ReadonlySet<string> =>
  new Set(z.array(z.string()).catch([]).parse(learned.read(dismissedKey)));

/** The newest of them: processes end, and so do boots. */
export const writeDismissed = (learned: LearnedFacts, keys: ReadonlySet<string>): void =>
  learned.write(dismissedKey, [...keys].slice(-mostDismissed));

/** Found runs that are open on record and whose processes live, with those that do. */
export function livingFoundRuns(
  store: Pick<Store, 'listOpenRuns' | 'readRun' | 'readLearned'>,
  machine: Pick<Machine, 'readProcess'>,
): ReadonlyMap<string, OpenFoundRun> {
  const isAlive = ({ pid, startedTicks }: RootProcess): boolean =>
    machine.readProcess(pid)?.startedTicks === startedTicks;
  const known = new Map(readOpenRuns({ read: store.readLearned }).map((run) => [run.runId, run]));
  const living = store.listOpenRuns().flatMap(({ record }) => {
    const open = record.foundBy === 'process' ? known.get(record.id) : undefined;
    const roots = open?.roots.filter(isAlive) ?? [];
    // One that was dismissed is open no more, whatever its processes do.
    return open === undefined || roots.length === 0 || store.readRun(record.id) === null ? [] : [{ ...open, roots }];
  });
  return new Map(living.map((run) => [run.runId, run]));
}
