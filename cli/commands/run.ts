import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { readProgram } from '../../engine/environment/program.ts';
import { readGitState } from '../../engine/machine/git-state.ts';
import { type EngineAddress, readAddress } from '../../engine/ownership/ownership.ts';
import { createRunId } from '../../engine/runs/run-id.ts';
import { withTimeout } from '../../engine/sources/with-timeout.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { LiveState } from '../../shared/model/live.ts';
import type { RunReport } from '../../shared/model/run.ts';
import type { Program } from '../../shared/model/run-environment.ts';
import { type ChildEnd, type EndedChild, endOf, exitCodeOf } from '../child-end.ts';
import type { CliContext } from '../context.ts';
import { forwardSignals } from '../forward-signals.ts';
import { jobKey } from '../job-key.ts';
import { beginMeasuring, isFull, type Measuring, onceThereIsRoom } from '../measuring.ts';
import type { ChildOutput } from '../output/child-output.ts';
import { type ReadOutput, readOutput } from '../output/read-output.ts';
import { progressLines } from '../progress-text.ts';
import { tellRunEnd } from '../run-end.ts';
import { runName } from '../run-name.ts';
import { summaryText } from '../text.ts';
import { UsageError } from '../usage-error.ts';

export interface RunOptions {
  readonly name: string | undefined;
  readonly project: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly json: string | undefined;
  readonly isQuiet: boolean;
  /** Whether marks are read from what it prints. */
  readonly isReadingMarks: boolean;
  readonly marksPattern: string | undefined;
}

/** An engine that is there and does not answer keeps the command waiting this long: it starts then, and is measured from when the engine answers. */
const joinLimitMs = 7000;
/** Looking for the interpreter goes on while sources are probed, and is given up before it could keep the command waiting. */
const programLimitMs = 500;
/** Runs a command and measures it. Gives its exit code: the child's, or 128 + n after signal n, 127 or 126 where it could not be started. */
export async function runCommand(context: CliContext, argv: readonly string[], options: RunOptions): Promise<number> {
  const { isReadingMarks, marksPattern, isQuiet, json } = options;
  // Elsewhere '-' is stdout.
  if (json === '-')
    throw new UsageError(
      'The report cannot go to stdout, which belongs to the command.',
      'Say --json FILE, or ask afterwards: wattrun show last --json',
    );
  const say = isQuiet ? () => {} : context.say;
  // Refuses a wrong pattern before anything is started.
  const marks = readOutput({ isRead: isReadingMarks, pattern: marksPattern, say });
  // Read before the command starts: nothing may stand between its start and the run's.
  const cwd = workingFolder();
  const git = cwd === null ? null : readGitState(cwd).catch(() => null);
  const launch = { command: argv, cwd, environment: context.environment, executable: null };
  const program = readProgram(launch, programLimitMs);
  const waiting = new AbortController();
  const begin = (): Promise<Measuring> => beginMeasuring(context, [], waiting.signal);
  const joining = begin();
  const joined = await withTimeout(joining, joinLimitMs).catch((error: unknown) =>
    isFull(error) ? 'full' : unmeasured(context, error),
  );
  if (joined === 'timeout')
    context.say(
      'wattrun: the engine of this machine does not answer. The command starts, and is measured once it does.',
    );
  const measuring = joined === 'timeout' || joined === 'full' ? null : joined;
  const gitCommit = (await git)?.commit ?? null;
  const environment = await program;
  const job = jobKey(context.environment, process.ppid);
  const runId = await reserveRunId(measuring, job);
  const startedAtMs = Date.now();
  const address = joined === 'timeout' ? readAddress(context.directory) : (measuring?.address ?? null);
  const env = childEnvironment(context, runId, address);
  const { child, started } = startChild(argv, env, marks.output);
  const ended = endOf(child);
  const stopForwarding = forwardSignals(child, marks.output.resize, marks.output.resume);
  const failure = await started;
  if (failure !== null) {
    stopForwarding();
    await marks.finish();
    context.say(`wattrun: ${failure.message}`);
    waiting.abort();
    await measuring?.close();
    return failure.exitCode;
  }
  const run: FollowOptions = {
    runId,
    job,
    argv,
    cwd,
    pid: child.pid ?? null,
    startedAtMs,
    gitCommit,
    environment,
    name: runName('--name', options.name, context.say),
    project: runName('--project', options.project, context.say),
    tags: options.tags,
    marks,
  };
  const follow = async (tries: number): Promise<FollowedRun> =>
    followRun(context, await (tries === 0 ? joining : begin()), run);
  const followed =
    joined === null
      ? null
      : onceThereIsRoom(follow, { signal: waiting.signal, say: context.say }).catch((error: unknown) =>
          unmeasured(context, error),
        );
  const end = await ended;
  waiting.abort();
  const measured = await followed;
  const finished =
    measured === null ? null : await measured.finish(end).catch((error: unknown) => unmeasured(context, error));
  await marks.finish();
  // The last rank of a job to leave tells what it was.
  if (finished !== null && finished.report.run.status !== 'running') await tell(context, finished, options);
  stopForwarding();
  return exitCodeOf(end);
}

/** Null where it was removed: commands run there all the same. */
function workingFolder(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

function unmeasured(context: CliContext, error: unknown): null {
  const known = error instanceof WattrunError ? error : null;
  context.say(
    `wattrun: this run is not measured. ${error instanceof Error ? error.message : String(error)}${known?.hint === undefined ? '' : ` ${known.hint}`}`,
  );
  return null;
}

function childEnvironment(context: CliContext, runId: string, address: EngineAddress | null): NodeJS.ProcessEnv {
  const { environment } = context;
  return address === null
    ? { ...environment }
    : { ...environment, WATTRUN_RUN_ID: runId, WATTRUN_URL: address.url, WATTRUN_TOKEN: address.token };
}

/** Ranks of one job have one id, that all of their processes know from their start. */
async function reserveRunId(measuring: Measuring | null, job: string | null): Promise<string> {
  const runId = createRunId();
  if (measuring === null || job === null) return runId;
  return (await measuring.client.request('runs.reserve', { job, runId }).catch(() => ({ runId }))).runId;
}

interface StartFailure {
  readonly message: string;
  readonly exitCode: 126 | 127;
}

function startChild(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  output: ChildOutput,
): { readonly child: ChildProcess; readonly started: Promise<StartFailure | null> } {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, { stdio: [...output.stdio], env });
  output.started();
  const started = new Promise<StartFailure | null>((resolve) => {
    child.once('spawn', () => resolve(null));
    child.once('error', (error: NodeJS.ErrnoException) => resolve(startFailure(command, error)));
  });
  return { child, started };
}

function startFailure(command: string, error: NodeJS.ErrnoException): StartFailure {
  if (error.code === 'ENOENT') return { message: `${command}: command not found`, exitCode: 127 };
  if (error.code === 'EACCES') return { message: `${command}: cannot be executed (permission denied)`, exitCode: 126 };
  return { message: `${command}: ${error.message}`, exitCode: 126 };
}

interface FinishedRun {
  readonly report: RunReport;
  /** Null where the engine went away right after the run's end. */
  readonly storage: LiveState['storage'] | null;
}

interface FollowedRun {
  finish(end: EndedChild): Promise<FinishedRun>;
}

interface FollowOptions {
  readonly runId: string;
  readonly job: string | null;
  readonly argv: readonly string[];
  readonly cwd: string | null;
  readonly pid: number | null;
  readonly startedAtMs: number;
  readonly gitCommit: string | null;
  readonly environment: Program;
  readonly name: string | undefined;
  readonly project: string | undefined;
  readonly tags: RunOptions['tags'];
  readonly marks: ReadOutput;
}

const statusOf = ({ code, signal }: ChildEnd): 'finished' | 'failed' | 'stopped' =>
  signal === 'SIGINT' || signal === 'SIGTERM' || code === 130 || code === 143
    ? 'stopped'
    : code === 0
      ? 'finished'
      : 'failed';

const takeOverLimitMs = 30_000;

/** Registers the run, or throws why the engine does not take it, and keeps it measured if the engine that has it goes away: then this process takes the sampling over. */
async function followRun(
  context: CliContext,
  first: Measuring,
  { runId, job, argv, cwd, pid, startedAtMs, gitCommit, environment, name, project, tags, marks }: FollowOptions,
): Promise<FollowedRun> {
  let measuring = first;
  let isFinishing = false;
  try {
    await measuring.client.request('runs.start', {
      runId,
      job,
      pid,
      startedAtMs,
      command: [...argv],
      cwd,
      foundBy: 'command',
      tags: { ...tags },
      gitCommit,
      environment,
      name: name ?? null,
      project: project ?? null,
    });
  } catch (error) {
    await measuring.close();
    throw error;
  }
  let takingOver: Promise<void> = Promise.resolve();
  function watch(): void {
    measuring.client.onClose(() => {
      if (isFinishing) return;
      takingOver = takingOver.then(async () => {
        measuring = await beginMeasuring(context, [runId], AbortSignal.timeout(takeOverLimitMs));
        watch();
      });
      takingOver.catch((error: unknown) => unmeasured(context, error));
    });
  }
  watch();
  marks.open(() => measuring.client, runId);
  return {
    async finish(end) {
      await takingOver;
      await marks.sendLast();
      isFinishing = true;
      const { endedAtMs } = end;
      const told = {
        runId,
        ...(job === null ? {} : { pid }),
        exitCode: exitCodeOf(end),
        status: statusOf(end),
        endedAtMs,
      };
      try {
        const report = await tellRunEnd(measuring.client, told, async () => {
          measuring = await beginMeasuring(context, [runId], AbortSignal.timeout(takeOverLimitMs));
          return measuring.client;
        });
        const live = await measuring.client.request('live.read', {}).catch(() => null);
        return { report, storage: live?.storage ?? null };
      } finally {
        await measuring.close();
      }
    },
  };
}

async function tell(context: CliContext, { report, storage }: FinishedRun, options: RunOptions): Promise<void> {
  if (!options.isQuiet) context.say(`\n${summaryText(report, progressLines(report))}`);
  if (storage !== null && storage.kind !== 'recording')
    context.say(`wattrun: the end of this run could not be recorded. ${storage.message ?? ''}`.trimEnd());
  if (options.json === undefined) return;
  const text = `${JSON.stringify(report, null, 2)}\n`;
  try {
    await writeFile(options.json, text);
  } catch (error) {
    context.say(
      `wattrun: ${options.json} could not be written (${error instanceof Error ? error.message : String(error)}); the run is on record: wattrun show ${report.run.id} --json`,
    );
  }
}
