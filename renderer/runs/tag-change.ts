import type { RunSummary } from '../../shared/model/run.ts';

type Labelled = Pick<RunSummary, 'id' | 'project' | 'tags'>;

/** A run's project and all of its tags, as the engine is told them. */
export interface RunLabels {
  readonly runId: string;
  readonly project: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

export interface TagChange {
  readonly added: Readonly<Record<string, string>>;
  /** Keys with the values that go: another value under the key stays. */
  readonly removed: readonly (readonly [key: string, value: string])[];
  /** Undefined: each keeps its own; null: none. */
  readonly project: string | null | undefined;
}

/** 'lr=3e-4, baseline' → { lr: '3e-4', baseline: '' }. Blanks around are dropped, the last of two with one key counts. */
export function parseTags(text: string): Readonly<Record<string, string>> {
  const entries = text
    .split(/[,，\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('='))
    .map((part) => {
      const at = part.indexOf('=');
      return at < 0 ? ([part, ''] as const) : ([part.slice(0, at).trim(), part.slice(at + 1).trim()] as const);
    });
  return Object.fromEntries(entries);
}

export const labelsOf = ({ id, project, tags }: Labelled): RunLabels => ({ runId: id, project, tags });

/** The new labels of the runs that the change does something to. */
export function changedLabels(runs: readonly Labelled[], change: TagChange): readonly RunLabels[] {
  return runs.flatMap((run) => {
    const kept = Object.entries(run.tags).filter(
      ([key, value]) => !change.removed.some(([goneKey, goneValue]) => goneKey === key && goneValue === value),
    );
    const tags = { ...Object.fromEntries(kept), ...change.added };
    const project = change.project === undefined ? run.project : change.project;
    const isSame = project === run.project && sameTags(tags, run.tags);
    return isSame ? [] : [{ runId: run.id, project, tags }];
  });
}

function sameTags(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
}

export interface TagUse {
  readonly key: string;
  readonly value: string;
  /** How many of the runs have it. */
  readonly count: number;
}

/** Tags that any of the runs has, by the alphabet. */
export function tagUses(runs: readonly Labelled[]): readonly TagUse[] {
  const uses = new Map<string, TagUse>();
  for (const { tags } of runs)
    for (const [key, value] of Object.entries(tags)) {
      const id = JSON.stringify([key, value]);
      uses.set(id, { key, value, count: (uses.get(id)?.count ?? 0) + 1 });
    }
  return [...uses.values()].sort((a, b) => a.key.localeCompare(b.key) || a.value.localeCompare(b.value));
}

/** The project that all of the runs have; undefined where they differ. */
export function commonProject(runs: readonly Labelled[]): string | null | undefined {
  const [first, ...others] = runs;
  return others.every((run) => run.project === first?.project) ? (first?.project ?? null) : undefined;
}
