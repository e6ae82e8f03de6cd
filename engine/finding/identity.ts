import { basename } from 'node:path';
import type { ProcessFacts } from '../machine/machine.ts';
import { isPoolWorker, workOf } from './classify.ts';
import { isPython, shells } from './programs.ts';
import { nameOf } from './run-name.ts';

/** What a found run is called and kept under; the git commit is looked up apart, for it is in files that may be far away. */
export interface Identity {
  readonly name: string | null;
  readonly command: readonly string[];
  readonly cwd: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** From the processes of a launch, the one on the GPU first, the root last. */
export function identityOf(launch: readonly ProcessFacts[], isSession: boolean): Identity {
  const own = launch[0];
  const root = launch.at(-1);
  const cwd = root?.cwd ?? own?.cwd ?? null;
  return {
    name: isSession ? sessionName(launch) : scriptName(launch, cwd),
    command: root?.command ?? [],
    cwd,
    tags: own === undefined ? {} : tagsOf(own),
  };
}

/** The first of them that runs a script, a module or a program by name: workers that were forked say nothing. */
function scriptName(launch: readonly ProcessFacts[], cwd: string | null): string | null {
  const named = launch.find((facts) => {
    const work = workOf(facts);
    const { script, module, code, program } = work;
    if (isPoolWorker(work)) return false;
    return script !== null || module !== null || (code === null && !shells.has(program));
  });
  const facts = named ?? launch.at(-1);
  if (facts === undefined) return null;
  const name = nameOf(facts.command.length === 0 ? [facts.name] : facts.command);
  // `python -c …`, `python .`: where it runs says more than what runs it.
  const isNameless = name === null || (named === undefined && isPython(workOf(facts).program));
  return isNameless ? (folderName(cwd) ?? name) : name;
}

/** Jupyter tells a kernel its notebook's path (JPY_SESSION_NAME). */
function sessionName(launch: readonly ProcessFacts[]): string {
  const path = launch.map((facts) => facts.environment.JPY_SESSION_NAME).find((text) => text !== undefined);
  const base = path
    ?.split('/')
    .at(-1)
    ?.replace(/\.ipynb$/, '');
  const isKernel = launch.some((facts) => workOf(facts).module !== null);
  return (base ?? '') === '' ? (isKernel ? 'notebook' : 'python') : (base ?? '').slice(0, 200);
}

const tagVariables = ['SLURM_JOB_ID', 'SLURM_JOB_NAME', 'TORCHELASTIC_RUN_ID', 'WORLD_SIZE'] as const;

/** { slurm_job_id: '4711', world_size: '8' } */
function tagsOf({ environment }: ProcessFacts): Readonly<Record<string, string>> {
  return Object.fromEntries(
    tagVariables.flatMap((variable) => {
      const value = environment[variable];
      return value === undefined || value === 'none' ? [] : [[variable.toLowerCase(), value]];
    }),
  );
}

/** What a project is called: its folder's name. */
export const folderName = (path: string | null): string | null =>
  path === null ? null : basename(path).slice(0, 200) || null;
