import { setImmediate as nextTurn } from 'node:timers/promises';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { ProjectReport, ProjectSummary } from '../../shared/model/project.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { runSummary } from '../reports/run-report.ts';
import type { Store } from '../store/store.ts';
import { type ProjectRun, projectReport, projectSummary } from './project-report.ts';

/** Projects of a record, worked out a few runs at a time so that sampling and pages go on meanwhile. */
export interface ProjectBook {
  /** By energy, the largest first; runs without a project at the end. */
  list(): Promise<ProjectSummary[]>;
  /** `project` null: the runs that belong to none. Throws 'projects/not-found'. */
  read(project: string | null): Promise<ProjectReport>;
}

export interface ProjectBookOptions {
  readonly store: Pick<Store, 'listRuns' | 'idleJoules'>;
  readonly unixMs: () => number;
}

/** The coarsest roll-up that idle energy is read from is an hour's. */
const settledMs = 2 * 60 * 60 * 1000;

/** Time after which others get their turn. */
const sliceMs = 8;

export function createProjectBook({ store, unixMs }: ProjectBookOptions): ProjectBook {
  /** Of runs that are over, by id and length: a merged run is another one. */
  const idle = new Map<string, number | null>();

  function idleOf(run: RunSummary): number | null {
    // Its last minutes may not be rolled up yet.
    if (run.endedAt === null || unixMs() - Date.parse(run.endedAt) < settledMs) return store.idleJoules(run.id);
    const key = `${run.id} ${run.durationSeconds} ${run.totalJoules}`;
    const known = idle.get(key);
    if (known !== undefined) return known;
    const joules = store.idleJoules(run.id);
    idle.set(key, joules);
    return joules;
  }

  async function withIdle(runs: readonly RunSummary[]): Promise<ProjectRun[]> {
    const done: ProjectRun[] = [];
    let startedMs = performance.now();
    for (const run of runs) {
      done.push({ run, idleJoules: idleOf(run) });
      if (performance.now() - startedMs < sliceMs) continue;
      await nextTurn();
      startedMs = performance.now();
    }
    return done;
  }

  const summaries = (): readonly RunSummary[] =>
    store.listRuns().map(({ record, totals, accounting }) => runSummary(record, totals, accounting));

  return {
    async list() {
      const byProject = new Map<string | null, ProjectRun[]>();
      for (const one of await withIdle(summaries())) {
        const runs = byProject.get(one.run.project) ?? [];
        runs.push(one);
        byProject.set(one.run.project, runs);
      }
      const nowMs = unixMs();
      return [...byProject]
        .map(([project, runs]) => projectSummary({ project, runs, nowMs }))
        .sort(
          (a, b) =>
            Number(a.project === null) - Number(b.project === null) || (b.totals.joules ?? 0) - (a.totals.joules ?? 0),
        );
    },
    async read(project) {
      const runs = await withIdle(summaries().filter((run) => run.project === project));
      if (runs.length === 0)
        throw new WattrunError(
          'projects/not-found',
          project === null ? 'Every run belongs to a project.' : `There is no project ${project}.`,
          'List them with: wattrun projects',
        );
      return projectReport({ project, runs, nowMs: unixMs() });
    },
  };
}
