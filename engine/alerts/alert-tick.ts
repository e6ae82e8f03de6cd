import type { AlertScope } from '../../shared/model/alert.ts';
import { type AlertSample, type RuleDefinition, sampleAt } from './rule.ts';

export const machineTarget = 'machine';
export const runTarget = (runId: string): string => `run:${runId}`;
export const projectTarget = (name: string): string => `project:${name}`;

/** What rules are held against in one tick, by target: 'machine', a domain's id, 'run:ID', 'project:NAME'. */
export interface AlertTick {
  readonly monotonicMs: number;
  readonly unixMs: number;
  readonly samples: ReadonlyMap<string, AlertSample>;
  readonly projectOf: (runId: string) => string | null;
  /** What people call it; null where it is not known. */
  readonly labelOf: (target: string) => string | null;
  readonly runIdsOf: (target: string) => readonly string[];
}

/** A tick's targets by kind, sorted out once for all rules. */
export interface TargetLists {
  readonly gpus: readonly string[];
  readonly domains: readonly string[];
  readonly runs: readonly string[];
  readonly projects: readonly string[];
}

export function targetLists(tick: AlertTick): TargetLists {
  const [gpus, domains, runs, projects]: [string[], string[], string[], string[]] = [[], [], [], []];
  for (const target of tick.samples.keys()) {
    if (target.startsWith('run:')) runs.push(target);
    else if (target.startsWith('project:')) projects.push(target);
    else if (target !== machineTarget) {
      domains.push(target);
      if (target.startsWith('gpu:')) gpus.push(target);
    }
  }
  return { gpus, domains, runs, projects };
}

/** What a rule watches in this tick, each by itself. */
export function targetsOf(
  scope: AlertScope,
  definition: Pick<RuleDefinition, 'isOfRuns'>,
  { lists, tick }: { readonly lists: TargetLists; readonly tick: AlertTick },
): readonly string[] {
  switch (scope.kind) {
    case 'machine':
      return [machineTarget];
    case 'domain':
      return [scope.domainId];
    case 'any-gpu':
      return lists.gpus;
    case 'any-domain':
      return lists.domains;
    case 'any-run':
      return lists.runs;
    case 'run':
      return [runTarget(scope.runId)];
    case 'any-project':
      return lists.projects;
    case 'project':
      return definition.isOfRuns === true
        ? lists.runs.filter((target) => tick.projectOf(target.slice('run:'.length)) === scope.project)
        : [projectTarget(scope.project)];
  }
}

/** A part of the machine is there even while nothing is known of it; a run or a project is not. */
export const isPart = (target: string): boolean => !/^(run|project):/.test(target);

/** A tick of which nothing is known but who was there. */
export const forgotten = (tick: AlertTick): AlertTick['samples'] =>
  new Map([...tick.samples.keys()].map((target) => [target, sampleAt(tick.monotonicMs + 1)]));
