// What the Python package costs a training: `npm run bench:python [-- --seconds N]`. Needs a python3 with PyTorch (WATTRUN_PYTHON says which).
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { medianInterval } from './median-interval.ts';
import { median, type Report, type Row, renderReport } from './report.ts';

const root = join(import.meta.dirname, '..');
const python = process.env.WATTRUN_PYTHON ?? 'python3';
const seconds = Number(process.argv[process.argv.indexOf('--seconds') + 1] || 240) || 240;
const home = mkdtempSync(join(tmpdir(), 'wattrun-bench-'));
const env = {
  ...process.env,
  WATTRUN_HOME: home,
  PYTHONPATH: join(root, 'integrations/python/src'),
  PYTHONPYCACHEPREFIX: join(home, 'bytecode'),
  PYTHONDONTWRITEBYTECODE: '',
};
/** A training may be this much slower with a mark each step, in percent. */
const limitPercent = 0.5;
/** Rows of a batch: steps of about 30 ms on a usual core, and of 2 ms, the shortest that anybody trains with. */
const batches = [2048, 64] as const;

/** Seconds; one a round where a list. */
interface Calls {
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
  readonly longestCollected: number;
}

/** Times in seconds. */
interface Training {
  /** Of a block. */
  readonly steps: number;
  readonly plain: readonly number[];
  /** The block beside it. */
  readonly marked: readonly number[];
  /** With a mark at each step: how long it took, and the package's thread on a CPU. */
  readonly sending: { readonly wall: number; readonly sender: number };
  readonly calls: {
    readonly mark: readonly Calls[];
    readonly nothing: readonly Calls[];
    readonly longestCollection: number;
  };
}

function runPython(args: readonly string[]): string {
  const ended = spawnSync(python, args, { env, encoding: 'utf8' });
  if (ended.status !== 0) throw new Error(`${python} ${args.join(' ')}: ${ended.stderr}`);
  return ended.stdout;
}

async function withEngine<T>(work: () => T): Promise<T> {
  const engine: ChildProcess = spawn(process.execPath, [join(root, 'cli/main.ts'), 'serve'], { env, stdio: 'ignore' });
  try {
    while (!existsSync(join(home, 'engine.json'))) await delay(50);
    return work();
  } finally {
    engine.kill();
    await new Promise((resolve) => engine.once('exit', resolve));
  }
}

/** By how much longer the marked block of each pair took, as a percentage of the usual one. */
function changes({ plain, marked }: Training): readonly number[] {
  const usual = median(plain);
  return plain.map((seconds, i) => (((marked[i] ?? Number.NaN) - seconds) / usual) * 100);
}

function verdict(low: number, high: number): string {
  if (high < limitPercent) return `below ${limitPercent} %`;
  return low > limitPercent ? `above ${limitPercent} %` : 'undecided';
}

function trainingReport(rows: number, training: Training): Report {
  const { steps, plain, sending } = training;
  const stepMs = (median(plain) / steps) * 1000;
  const pairs = changes(training);
  const { low, high } = medianInterval(pairs);
  const sender = (sending.sender / sending.wall) * 100;
  const bounded = (plus: number): string =>
    `${(median(pairs) + plus).toFixed(2)} % (${(low + plus).toFixed(2)} to ${(high + plus).toFixed(2)} %)`;
  return {
    title: `Training, steps of ${stepMs.toFixed(1)} ms (batches of ${rows}), a mark with its loss at each`,
    columns: [`${pairs.length} pairs of ${steps} + ${steps} steps`],
    rows: [
      { what: 'longer by, wall time of marked steps beside plain ones', cells: [bounded(0)] },
      { what: "the package's thread on a CPU, where every step is marked", cells: [`${sender.toFixed(3)} %`] },
      { what: 'both together', cells: [`${bounded(sender)}: ${verdict(low + sender, high + sender)}`] },
    ],
    notes: [
      'Median of the pairs, and in brackets where it lies with a certainty of 95 %, however they are spread.',
      "The package's thread works beside both of a pair. For Python's lock the training waits at most as long as it is on a CPU, so that its time is counted in full.",
    ],
  };
}

function callsReport({ calls }: Training): Report {
  const micros = (seconds: number): string => (seconds * 1e6).toFixed(1);
  const cells = (rounds: readonly Calls[]): readonly Row[] => [
    { what: 'median', cells: [micros(median(rounds.map((one) => one.median)))] },
    { what: '99 of 100 within', cells: [micros(median(rounds.map((one) => one.p99)))] },
    {
      what: 'longest without a collection, of each round',
      cells: [rounds.map((one) => micros(one.longest)).join(', ')],
    },
    {
      what: 'longest with a collection in it',
      cells: [micros(Math.max(...rounds.map((one) => one.longestCollected)))],
    },
  ];
  const nothing = cells(calls.nothing);
  return {
    title: '20,000 calls without a pause, in µs',
    columns: ['wattrun.mark', 'a function that does nothing'],
    rows: cells(calls.mark).map(({ what, cells: own }, i) => ({ what, cells: [...own, ...(nothing[i]?.cells ?? [])] })),
    notes: [
      `The longest of Python's own collections took ${micros(calls.longestCollection)} µs; it falls into whatever call allocates next.`,
      'What does nothing is interrupted by whatever else the machine does just as a mark is.',
    ],
  };
}

function startReport(): Report {
  const timed = (code: string): string => {
    const script = `import time; t = time.perf_counter(); ${code}; print(time.perf_counter() - t)`;
    return `${(median(Array.from({ length: 9 }, () => Number(runPython(['-c', script])))) * 1000).toFixed(2)} ms`;
  };
  return {
    title: 'Before and without',
    columns: ['median of 9'],
    rows: [
      { what: 'import wattrun', cells: [timed('import wattrun')] },
      {
        what: 'the first mark in a program that is wrapped, which begins the thread',
        cells: [
          timed(
            "import os; os.environ['WATTRUN_RUN_ID'] = 'x'; import wattrun; t = time.perf_counter(); wattrun.mark(step=1)",
          ),
        ],
      },
      {
        what: 'run and end with no engine, seen by the training',
        cells: [timed("import wattrun; t = time.perf_counter(); wattrun.run('x').start().finish()")],
      },
    ],
    notes: [
      `Load of the machine over the last 1, 5 and 15 minutes: ${loadavg()
        .map((one) => one.toFixed(2))
        .join(', ')}.`,
    ],
  };
}

try {
  for (const rows of batches) {
    const args = [join(root, 'bench/python-training.py'), String(rows), String(seconds)];
    const training = JSON.parse(await withEngine(() => runPython(args))) as Training;
    process.stdout.write(`\n${renderReport(trainingReport(rows, training))}`);
    if (rows === batches[0]) process.stdout.write(`\n${renderReport(callsReport(training))}`);
  }
  process.stdout.write(`\n${renderReport(startReport())}`);
} finally {
  rmSync(home, { recursive: true, force: true });
}
