import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installFakeNvidiaSmi } from '../tests/fakes/install.ts';
import { buildNvmlStub, renderNvmlConfig } from '../tests/fakes/nvml/build.ts';
import { createStarted, fillMachine, gpusOf, type Started, startTraining, type Training } from './busy-machine.ts';
import { countProcesses, type ProcessCost, readProcessCost } from './process-cost.ts';
import type { Report, Row } from './report.ts';

/** Beyond the end of the measuring, after which what was started ends even without the bench. */
const reserveSeconds = 60;
const machineProcesses = 300;

export interface OverheadOptions {
  readonly seconds: number;
  /** Before the measuring: V8 compiles what runs every second, and what stays on for days is judged by what it costs then. */
  readonly warmUpSeconds: number;
  /** Built command files to compare, all at once; the first is the reference of none. */
  readonly cliFiles: readonly string[];
}

interface Watched {
  readonly what: string;
  readonly pid: number;
}

interface Measured {
  readonly ownSecondsPerMinute: number;
  readonly childrenSecondsPerMinute: number;
  readonly residentBytes: number;
  readonly proportionalBytes: number;
  readonly writtenBytesPerMinute: number;
}

type Driver = 'nvml' | 'nvidia-smi';

/** The environment in which an engine sees the fake GPUs, and nothing of this machine's. */
function environmentOf(driver: Driver, folder: string, training: Training): Record<string, string> {
  const base = { HOME: folder, WATTRUN_HOME: join(folder, 'data'), PATH: '/usr/local/bin:/usr/bin:/bin' };
  mkdirSync(folder, { recursive: true });
  if (driver === 'nvidia-smi') {
    const bin = join(folder, 'bin');
    installFakeNvidiaSmi(bin);
    const config = join(folder, 'gpus.json');
    writeFileSync(config, JSON.stringify(gpusOf(training)));
    return {
      ...base,
      PATH: `${bin}:${base.PATH}`,
      WATTRUN_NVML: join(folder, 'none.so'),
      FAKE_NVIDIA_SMI: config,
    };
  }
  const stub = buildNvmlStub(folder);
  if ('skipped' in stub) throw new Error(`The overhead cannot be measured here: ${stub.skipped}.`);
  const config = join(folder, 'nvml.conf');
  writeFileSync(config, renderNvmlConfig(gpusOf(training)));
  return { ...base, WATTRUN_NVML: stub.path, NVML_STUB_CONFIG: config };
}

/** `wattrun serve` as a user starts it, with the training as its run; nobody is connected afterwards. */
async function startEngine(
  started: Started,
  { cliFile, env, training }: { cliFile: string; env: Record<string, string>; training: Training },
): Promise<number> {
  const run = (...args: readonly string[]): ChildProcess => {
    const child = spawn(process.execPath, [cliFile, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    started.children.push(child);
    return child;
  };
  const engine = run('serve', '--json');
  if (engine.stdout === null || engine.pid === undefined) throw new Error(`${cliFile} could not be started`);
  await Promise.race([
    once(engine.stdout, 'data'),
    once(engine, 'exit').then(() => Promise.reject(new Error(cliFile))),
  ]);
  const [code] = (await once(run('start', '--name', 'bench', '--pid', String(training.pid)), 'exit')) as [number];
  if (code !== 0) throw new Error(`wattrun start ended with ${code}`);
  return engine.pid;
}

function startEmptyNode(started: Started): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  started.children.push(child);
  if (child.pid === undefined) throw new Error('Node could not be started');
  return child.pid;
}

/** The least that such a record could cost in Node on this machine. */
function startBareLoop(started: Started, folder: string, training: Training): number {
  const { WATTRUN_NVML: library = '', ...env } = environmentOf('nvml', folder, training);
  const file = join(import.meta.dirname, 'bare-loop.mjs');
  const pids = [training.pid, ...training.workerPids].map(String);
  const child = spawn(process.execPath, ['--single-threaded', file, library, join(folder, 'bare.db'), ...pids], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  started.children.push(child);
  if (child.pid === undefined) throw new Error('The bare loop could not be started');
  return child.pid;
}

async function measure(
  watched: readonly Watched[],
  { seconds, warmUpSeconds }: OverheadOptions,
  signal: AbortSignal,
): Promise<readonly Measured[]> {
  const read = (): readonly { readonly cost: ProcessCost; readonly atMs: number }[] =>
    watched.map(({ pid }) => ({ cost: readProcessCost(pid), atMs: performance.now() }));
  await delay(warmUpSeconds * 1000, undefined, { signal });
  const before = read();
  await delay(seconds * 1000, undefined, { signal });
  return read().map(({ cost, atMs }, index) => {
    const first = before[index];
    if (first === undefined) throw new Error('nothing was measured');
    const perMinute = (amount: number): number => (amount * 60_000) / (atMs - first.atMs);
    return {
      ownSecondsPerMinute: perMinute(cost.cpuSeconds - first.cost.cpuSeconds),
      childrenSecondsPerMinute: perMinute(cost.childrenCpuSeconds - first.cost.childrenCpuSeconds),
      residentBytes: cost.residentBytes,
      proportionalBytes: cost.proportionalBytes,
      writtenBytesPerMinute: perMinute(cost.writtenBytes - first.cost.writtenBytes),
    };
  });
}

/** Others' figures, taken on a machine of this kind; what each of them leaves out stands beside it. */
const peers: readonly Row[] = [
  { what: 'CodeCarbon 3.3, in the process at 1 Hz; no GPU, no record of samples', cells: ['0.089', '', '+40', '', ''] },
  { what: '`codecarbon monitor` 3.3', cells: ['', '', '85–91', '', ''] },
  { what: 'nvtop 3.0.1 on the stub, 1 GPU; no energy, no record', cells: ['0.04', '', '8', '', ''] },
  { what: 'nvitop 1.7.0 on the stub, 1 GPU; no energy, no record', cells: ['4.1', '', '26', '', ''] },
];

const mebibytes = (bytes: number): string => (bytes / 1024 ** 2).toFixed(0);

function rowOf({ what }: Watched, measured: Measured, empty: Measured): Row {
  const ratio = (value: number, of: number): string => (measured === empty ? '' : ` (${(value / of).toFixed(1)} ×)`);
  const { ownSecondsPerMinute, childrenSecondsPerMinute, residentBytes, proportionalBytes } = measured;
  return {
    what,
    cells: [
      `${ownSecondsPerMinute.toFixed(3)}${ratio(ownSecondsPerMinute, empty.ownSecondsPerMinute)}`,
      childrenSecondsPerMinute === 0 ? '0' : childrenSecondsPerMinute.toFixed(2),
      `${mebibytes(residentBytes)}${ratio(residentBytes, empty.residentBytes)}`,
      mebibytes(proportionalBytes),
      `${(measured.writtenBytesPerMinute / 1000).toFixed(0)} kB`,
    ],
  };
}

async function startAll(
  started: Started,
  folder: string,
  { seconds, warmUpSeconds, cliFiles }: OverheadOptions,
): Promise<readonly Watched[]> {
  const lifeSeconds = Math.ceil(warmUpSeconds + seconds + reserveSeconds);
  const training = await startTraining(started, lifeSeconds);
  const watched: Watched[] = [{ what: 'an empty Node process (timer at 1 Hz)', pid: startEmptyNode(started) }];
  const bare = startBareLoop(started, join(folder, 'bare'), training);
  watched.push({ what: 'the calls, files and rows alone, in a bare loop of Node', pid: bare });
  for (const [index, cliFile] of cliFiles.entries())
    for (const driver of ['nvml', 'nvidia-smi'] as const) {
      const env = environmentOf(driver, join(folder, `${driver}-${index}`), training);
      const label = driver === 'nvml' ? '`wattrun serve`, NVML' : '`wattrun serve`, nvidia-smi';
      const pid = await startEngine(started, { cliFile: resolve(cliFile), env, training });
      watched.push({ what: cliFiles.length === 1 ? label : `${label} (${cliFile})`, pid });
    }
  await fillMachine(started, machineProcesses, lifeSeconds);
  return watched;
}

/**
 * What `wattrun serve` costs while it records everything at 1 Hz: CPU and memory beside those of a Node process that does nothing, at the same time.
 * SIGINT and SIGTERM end it and all that it started.
 */
export async function benchOverhead(options: OverheadOptions): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'wattrun-bench-'));
  const started = createStarted();
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    const watched = await startAll(started, folder, options);
    const processes = countProcesses();
    const measured = await measure(watched, options, stop.signal);
    const [empty] = measured;
    if (empty === undefined) throw new Error('nothing was measured');
    return {
      title: `What the engine costs: 8 GPUs at 1 Hz, a run of 10 processes, ${processes} processes in all, over ${options.seconds} s`,
      columns: ['CPU s/min, own', 'CPU s/min, children', 'RSS, MiB', 'PSS, MiB', 'written a minute'],
      rows: [
        ...watched.flatMap((one, index) => (measured[index] ? [rowOf(one, measured[index], empty)] : [])),
        ...peers,
      ],
      notes: [
        `The built command, nobody connected; all at once, after ${options.warmUpSeconds} s of warming up. \`npm run bench:overhead\`.`,
        'NVML is a stub: a real driver’s calls come on top. Children of the nvidia-smi row are the fake tool, a Node script: what the driver’s own takes differs.',
        'Own CPU time is the threads’ (/proc/PID/task/*/schedstat); children’s is of those alive and those waited for.',
      ],
    };
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await started.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
