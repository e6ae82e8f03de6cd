import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { readProgram } from '../../engine/environment/program.ts';
import { readGitState } from '../../engine/machine/git-state.ts';
import { type EngineOwner, openEngineOwner } from '../../engine/ownership/engine-owner.ts';
import { type EngineAddress, readAddress } from '../../engine/ownership/ownership.ts';
import { createRunId } from '../../engine/runs/run-id.ts';
import { withTimeout } from '../../engine/sources/with-timeout.ts';
import type { Client } from '../../shared/contract/client.ts';
import { connectContract } from '../../shared/contract/client.ts';
import { type EngineContract, engineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import { createMemoryTransports } from '../../shared/contract/memory-transport.ts';
import type { LiveState } from '../../shared/model/live.ts';
import type { RunReport } from '../../shared/model/run.ts';
import type { Program } from '../../shared/model/run-environment.ts';
import { type ChildEnd, type EndedChild, endOf, exitCodeOf } from '../child-end.ts';
import type { CliContext } from '../context.ts';
import { forwardSignals } from '../forward-signals.ts';
import { jobKey } from '../job-key.ts';
import type { ChildOutput } from '../output/child-output.ts';
import { type ReadOutput, readOutput } from '../output/read-output.ts';
import { progressLines } from '../progress-text.ts';
import { connectOwner, tellSetAside } from '../record.ts';
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

/** Measuring may keep the command waiting until this long after our own start, and for a moment in any case; what has not answered by then joins later. */
const startLimitMs = 1500;
const leastProbeMs = 800;
/** A GPU's driver that is there and slow to answer is worth more: what is trained before its first reading is missing from the run. */
const patienceMs = 5000;
/** An engine that is there and does not answer keeps the command waiting this long: it starts then, and is measured from when the engine answers. */
const joinLimitMs = 7000;
/** Looking for the interpreter goes on while sources are probed, and is given up before it could keep the command waiting. */
const programLimitMs = 500;
const probeLimitMs = (): number => Math.max(leastProbeMs, startLimitMs - performance.now());

interface Measuring {
  readonly client: Client<EngineContract>;
  readonly address: EngineAddress | null;
  close(): Promise<void>;
}

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
  const joining = beginMeasuring(context, [], waiting.signal).catch((error: unknown) => unmeasured(context, error));
  const joined = await withTimeout(joining, joinLimitMs);
  if (joined === 'timeout')
    context.say(
      'wattrun: the engine of this machine does not answer. The command starts, and is measured once it does.',
    );
  const measuring = joined === 'timeout' ? null : joined;
  const gitCommit = (await git)?.commit ?? null;
  const environment = await program;
  const job = jobKey(context.environment, process.ppid);
  const runId = await reserveRunId(measuring, job);
  const startedAtMs = Date.now();
  const address = joined === 'timeout' ? readAddress(context.directory) : (joined?.address ?? null);
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
  const follow = (late: Measuring): Promise<FollowedRun | null> =>
    followRun(context, late, {
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
    });
  const followed = measuring === null ? joining.then((late) => late && follow(late)) : follow(measuring);
  if (joined !== 'timeout') await followed;
  const end = await ended;
  waiting.abort();
  const run = await followed;
  const finished = run === null ? null : await run.finish(end).catch((error: unknown) => unmeasured(context, error));
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

/** The living engine, or one of our own for as long as the run lasts. */
async function beginMeasuring(
  context: CliContext,
  adoptRunIds: readonly string[],
  signal: AbortSignal,
): Promise<Measuring> {
  const { version, directory, environment, uiDirectory, log } = context;
  const owner = await openEngineOwner({
    version,
    directory,
    environment,
    uiDirectory,
    host: '127.0.0.1',
    port: 0,
    probeLimitMs: probeLimitMs(),
    patienceMs,
    canDemo: false,
    adoptRunIds,
    log,
    onSetAside: tellSetAside(context),
  });
  if (owner !== null) return ownMeasuring(owner);
  const client = await connectOwner(directory, { limitMs: Number.POSITIVE_INFINITY, signal });
  if (client === null) return beginMeasuring(context, adoptRunIds, signal);
  return { client, address: readAddress(directory), close: async () => client.close() };
}

function ownMeasuring(owner: EngineOwner): Measuring {
  const [near, far] = createMemoryTransports();
  owner.hub.serve(far);
  const client = connectContract(engineContract, near);
  return {
    client,
    address: owner.server.address,
    async close() {
      client.close();
      await owner.close();
    },
  };
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

/** Registers the run, and keeps it measured if the engine that has it goes away: then this process takes the sampling over. */
async function followRun(
  context: CliContext,
  first: Measuring,
  { runId, job, argv, cwd, pid, startedAtMs, gitCommit, environment, name, project, tags, marks }: FollowOptions,
): Promise<FollowedRun | null> {
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
    return unmeasured(context, error);
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
