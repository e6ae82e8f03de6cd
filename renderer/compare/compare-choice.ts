import type { RunSummary } from '../../shared/model/run.ts';
import { comparedRuns } from '../../shared/model/run-comparison.ts';

export type CompareRefusal = 'too-few' | 'too-many';

/** Why so many runs cannot be compared; null: they can. */
export function compareRefusal(count: number): CompareRefusal | null {
  if (count < comparedRuns.least) return 'too-few';
  return count > comparedRuns.most ? 'too-many' : null;
}

type Candidate = Pick<RunSummary, 'id' | 'name' | 'project' | 'status' | 'startedAt'>;

const newestFirst = (a: Candidate, b: Candidate): number => Date.parse(b.startedAt) - Date.parse(a.startedAt);

/** The newest two that finished, the older one first, as what the newer is held against; empty where there are not two. */
export function newestTwo(runs: readonly Candidate[]): readonly string[] {
  const finished = runs.filter((run) => run.status === 'finished').sort(newestFirst);
  return finished.length < 2
    ? []
    : finished
        .slice(0, 2)
        .map((run) => run.id)
        .reverse();
}

/** The newest run before this one under the same name, else in the same project; null where there is none. */
export function runBefore(run: Candidate, runs: readonly Candidate[]): Candidate | null {
  const before = runs
    .filter((each) => each.id !== run.id && Date.parse(each.startedAt) < Date.parse(run.startedAt))
    .sort(newestFirst);
  const sameProject = (each: Candidate): boolean => run.project !== null && each.project === run.project;
  return before.find((each) => each.name === run.name) ?? before.find(sameProject) ?? null;
}

/** Puts one run first, so that the others are held against it. */
export const withReference = (runIds: readonly string[], referenceId: string): readonly string[] => [
  referenceId,
  ...runIds.filter((id) => id !== referenceId),
];

/**
 * What tells runs apart where there is no room for their names: the ends of names that begin alike ('r1', 'r2'), else numbers from 1.
 * As long as `names`, in their order; all different, none longer than `most` letters.
 */
export function shortLabels(names: readonly string[], most = 8): readonly string[] {
  const first = names[0] ?? '';
  let common = 0;
  while (common < first.length && names.every((name) => name[common] === first[common])) common += 1;
  // Only whole words are cut off: 'run-12' and 'run-13' end in '12' and '13', not in '2' and '3'.
  const cut = Math.max(...['-', '_', ' ', '/', '.'].map((mark) => first.slice(0, common).lastIndexOf(mark))) + 1;
  const tails = names.map((name) => name.slice(cut));
  const isClear = new Set(tails).size === names.length && tails.every((tail) => tail !== '' && tail.length <= most);
  return isClear ? tails : names.map((_, index) => String(index + 1));
}
