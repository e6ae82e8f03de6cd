import type { ProcessFacts } from '../machine/machine.ts';
import {
  containers,
  desktopPrograms,
  gpuTools,
  isPython,
  launchers,
  rayTrainTitle,
  serverModules,
  servers,
  servingTitle,
  sessions,
  shells,
  wrappers,
} from './programs.ts';
import { pythonPrompts, readWork, type Work } from './work.ts';

export type Verdict =
  | { readonly kind: 'other'; readonly reason: 'desktop' | 'tool' | 'server' | 'unknown' }
  | {
      readonly kind: 'training';
      /** Known by its kind: Python, a launcher, a script. Else any program that computes. */
      readonly isLikely: boolean;
      /** A notebook's kernel or a prompt: it lives on between what people do with it. */
      readonly isSession: boolean;
      /** The processes of its launch, from the one asked about to the root of the run. */
      readonly launch: readonly ProcessFacts[];
      /** Processes that share one of these are one run: its root's, a torchrun id, a SLURM step, a rendezvous. */
      readonly keys: readonly string[];
    };

/**
 * Whether a process that computes on a GPU trains, and which launch it is part of. `chain`: the process, its parent and so on, as far as they are
 * known. `enginePid`: this program's, which starts no runs but wrapped ones.
 */
export function classify(chain: readonly ProcessFacts[], enginePid: number): Verdict {
  const [own] = chain;
  if (own === undefined) return { kind: 'other', reason: 'unknown' };
  const work = workOf(own);
  const reason = reasonAgainst(work);
  if (reason !== null) return { kind: 'other', reason };
  const { launch, endedAt, isServing } = findLaunch(chain, enginePid);
  if (isServing) return { kind: 'other', reason: 'server' };
  const root = launch.at(-1) ?? own;
  const isScript = work.script !== null && !shells.has(work.program);
  return {
    kind: 'training',
    isLikely: launch.some((one) => isPython(workOf(one).program) || workOf(one).launchers.length > 0) || isScript,
    isSession: isSession(workOf(root)),
    launch,
    keys: [rootKey(root), ...launchKeys(own, { program: work.program, endedAt, containerPid: containerPidOf(chain) })],
  };
}

/** A process, a SLURM step or a job of Ray's comes once; an address or an id of torchrun is used again by the next run. */
export const isOnce = (key: string): boolean => /^(root|slurm|ray) /.test(key);

export const rootKey = ({ pid, startedTicks }: Pick<ProcessFacts, 'pid' | 'startedTicks'>): string =>
  `root ${pid} ${startedTicks}`;

/** A kernel thread has no command line, only a name. */
export const workOf = (facts: ProcessFacts): Work =>
  readWork(facts.command.length === 0 ? [facts.name] : facts.command);

function reasonAgainst(work: Work): 'desktop' | 'tool' | 'server' | null {
  if (desktopPrograms.has(work.program)) return 'desktop';
  if (gpuTools.has(work.program)) return 'tool';
  return isServer(work) ? 'server' : null;
}

/** `-m lmdeploy serve` is `-m lmdeploy.serve`. */
const isServer = ({ program, module, rest }: Work): boolean =>
  servers.has(program) ||
  servingTitle.test(program) ||
  (module !== null &&
    serverModules.some(
      (name) => module === name || module.startsWith(`${name}.`) || `${module}.${rest[0] ?? ''}` === name,
    ));

const kernelModules = new Set(['ipykernel_launcher', 'ipykernel', 'colab_kernel_launcher', 'IPython']);

const isSession = ({ program, script, module, code }: Work): boolean =>
  pythonPrompts.has(program) ||
  (module !== null && kernelModules.has(module)) ||
  (isPython(program) && script === null && module === null && code === null);

interface Launch {
  readonly launch: readonly ProcessFacts[];
  /** Program of the first ancestor that is no part of it. */
  readonly endedAt: string;
  readonly isServing: boolean;
}

/** Goes up from a process for as long as its ancestors are part of what was started. Shells that run a script are passed, but begin nothing. */
function findLaunch(chain: readonly ProcessFacts[], enginePid: number): Launch {
  const [own, ...ancestors] = chain;
  const launch: ProcessFacts[] = own === undefined ? [] : [own];
  const passed: ProcessFacts[] = [];
  let endedAt = '';
  for (const parent of ancestors) {
    const child = passed.at(-1) ?? launch.at(-1);
    if (own === undefined || child === undefined) break;
    const work = workOf(parent);
    endedAt = work.program;
    const part = parent.pid <= 1 || parent.pid === enginePid ? 'none' : partOf(work, workOf(child), child);
    if (part === 'server') return { launch, endedAt, isServing: true };
    if (part === 'none') break;
    passed.push(parent);
    if (part === 'launch') launch.push(...passed.splice(0));
  }
  return { launch, endedAt, isServing: false };
}

/** A process that a pool of a Python program's has started: multiprocessing, or loky, which joblib brings along. */
export const isPoolWorker = ({ code, module }: Work): boolean =>
  code?.startsWith('from multiprocessing') === true || /^(joblib\.externals\.)?loky\.backend\b/.test(module ?? '');

const isShellScript = ({ program, script }: Work): boolean => shells.has(program) && script !== null;

/** What a parent is to its child's launch. */
function partOf(parent: Work, child: Work, { environment }: ProcessFacts): 'launch' | 'through' | 'server' | 'none' {
  const isForked = isPoolWorker(child) || isSameWork(parent, child);
  if (isServer(parent)) return isForked ? 'server' : 'none';
  if (parent.launchers.length > 0) {
    if (isSessionProgram(parent) && !isForked) return 'none';
    // `timeout 24h bash sweep.sh`: what the script starts one after another are runs of their own, as without the wrapper.
    const isWrappedScript = parent.launchers.every((name) => wrappers.has(name)) && isShellScript(parent);
    return isWrappedScript ? 'through' : 'launch';
  }
  if (isForked && !shells.has(parent.program)) return 'launch';
  if (isSession(parent) || isSessionProgram(parent)) return 'none';
  if (shells.has(parent.program)) return parent.script === null && parent.code === null ? 'none' : 'through';
  const isRank = environment.RANK !== undefined || environment.LOCAL_RANK !== undefined;
  // A Python program that starts another one is a launcher where it gives that one its rank, else it may go on to start a hundred more.
  return isPython(parent.program) && isRank ? 'launch' : 'none';
}

/** A session, a scheduler, a terminal: what is below it may be a run, it never is one itself. */
export const beginsRuns = (facts: ProcessFacts): boolean => isSessionProgram(workOf(facts));

const isSessionProgram = ({ program, module }: Work): boolean =>
  (sessions.has(program) ||
    desktopPrograms.has(program) ||
    (module !== null && sessions.has(module.split('.')[0] ?? ''))) &&
  !launchers.has(program) &&
  !wrappers.has(program);

const isSameWork = (a: Work, b: Work): boolean =>
  a.program === b.program &&
  a.script === b.script &&
  a.module === b.module &&
  (!isPython(a.program) || a.script !== null || a.module !== null);

/** Steps of SLURM from here on stand for the batch script, the interactive shell and the like (slurm.h, SLURM_MAX_NORMAL_STEP_ID). */
const firstSpecialStep = 0xff_ff_ff_f0;

const containerPidOf = (chain: readonly ProcessFacts[]): number | null =>
  chain.find((facts) => containers.has(workOf(facts).program))?.pid ?? null;

const loopback = /^(127\.|localhost$|::1$|0\.0\.0\.0$)/;

function launchKeys(
  { environment }: ProcessFacts,
  {
    program,
    endedAt,
    containerPid,
  }: { readonly program: string; readonly endedAt: string; readonly containerPid: number | null },
): readonly string[] {
  const { TORCHELASTIC_RUN_ID, SLURM_JOB_ID, SLURM_STEP_ID, WORLD_SIZE, MASTER_ADDR, MASTER_PORT } = environment;
  const { RAY_JOB_ID, RAY_RAYLET_PID } = environment;
  const keys: string[] = [];
  // 'none' is what torchrun says when nobody gave it an id: all such runs would be one.
  // Ids are chosen by people, and chosen twice: the address tells one torchrun from another.
  const address = `${MASTER_ADDR ?? ''}:${MASTER_PORT ?? ''}`;
  const isLoopback = loopback.test(MASTER_ADDR ?? '127.0.0.1');
  // A container may have a loopback of its own.
  const where = isLoopback && containerPid !== null ? `${address} in ${containerPid}` : address;
  if (TORCHELASTIC_RUN_ID !== undefined && TORCHELASTIC_RUN_ID !== 'none')
    keys.push(`torchrun ${TORCHELASTIC_RUN_ID}${MASTER_PORT === undefined ? '' : ` at ${where}`}`);
  // Only tasks of the step itself: in a shell that a step gave, one may start several runs.
  const isTask =
    endedAt.startsWith('slurmstepd') && /^\d+$/.test(SLURM_STEP_ID ?? '') && Number(SLURM_STEP_ID) < firstSpecialStep;
  if (SLURM_JOB_ID !== undefined && isTask) keys.push(`slurm ${SLURM_JOB_ID}.${SLURM_STEP_ID}`);
  // Workers that Ray keeps for any job have none yet: all f.
  if (rayTrainTitle.test(program) && RAY_JOB_ID !== undefined && !/^f*$/i.test(RAY_JOB_ID))
    keys.push(`ray ${RAY_RAYLET_PID ?? ''} ${RAY_JOB_ID}`);
  if (environment.RANK !== undefined && Number(WORLD_SIZE) > 1 && MASTER_PORT !== undefined)
    keys.push(`rendezvous ${where} of ${WORLD_SIZE}`);
  return keys;
}
