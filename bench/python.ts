// What the Python package costs a training: `npm run bench:python [-- --pairs N]`. Needs a python3 with PyTorch (WATTRUN_PYTHON says which).
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { medianInterval } from './median-interval.ts';
import { median, type Report, type Row, renderReport } from './report.ts';

const root = join(import.meta.dirname, '..');
const python = process.env.WATTRUN_PYTHON ?? 'python3';
const pairs = Number(process.argv[process.argv.indexOf('--pairs') + 1] || 40) || 40;
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
/** Long enough for two rounds of the sender, which gathers for a second, and not much of a third. */
const stretchSeconds = 2.15;
/** Rows of a batch: steps of about 2 ms and of about 30 ms on a usual core. */
const batches = [64, 2048] as const;

interface BySort {
  readonly plain: readonly number[];
  readonly marked: readonly number[];
}

/** Seconds; one a round where a list. */
interface Calls {
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
  readonly longestCollected: number;
}

interface Training {
  readonly steps: number;
  readonly wall: BySort;
  readonly cpu: BySort;
  /** The middle call of each stretch, with the reading of the clock around it; and the CPU time of the package's thread until all of it is sent. */
  readonly marking: BySort;
  readonly sender: BySort;
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

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Change from plain to marked in each pair, as a percentage: neighbours in time share what else the machine does. */
const changes = ({ plain, marked }: BySort): readonly number[] =>
  plain.map((seconds, i) => ((marked[i] ?? Number.NaN) / seconds - 1) * 100);

function verdict(low: number, high: number): string {
  if (high < limitPercent) return `below ${limitPercent} %`;
  return low > limitPercent ? `above ${limitPercent} %` : 'undecided';
}

function change(what: string, values: readonly number[], isJudged: boolean): Row {
  const { low, high } = medianInterval(values);
  const bounds = `${median(values).toFixed(2)} % (${low.toFixed(2)} to ${high.toFixed(2)} %)`;
  return { what, cells: [isJudged ? `${bounds}: ${verdict(low, high)}` : bounds] };
}

const shareOf = (what: string, seconds: number, wall: BySort): Row => ({
  what,
  cells: [`${((seconds / sum(wall.marked)) * 100).toFixed(3)} %`],
});

/** All calls of the marked stretches, each as long as the middle one: what interrupts a call would have interrupted the step beside it. */
const callsOf = ({ plain, marked }: BySort, steps: number): number =>
  (median(marked) - median(plain)) * marked.length * steps;

const more = ({ plain, marked }: BySort): number => sum(marked) - sum(plain);

function trainingReport(rows: number, { steps, wall, cpu, marking, sender }: Training): Report {
  const stepMs = (median(wall.plain) / steps) * 1000;
  return {
    title: `Training, steps of ${stepMs.toFixed(1)} ms (batches of ${rows})`,
    columns: [`${pairs} pairs of ${steps} steps`],
    rows: [
      change('longer by, wall time', changes(wall), true),
      change('more CPU time in the process', changes(cpu), false),
      shareOf('in `mark`, of the marked wall time', callsOf(marking, steps), wall),
      shareOf("the package's thread on a CPU, of the marked wall time", more(sender), wall),
      shareOf('both together', callsOf(marking, steps) + more(sender), wall),
    ],
    notes: [
      'Median of the pairs, and in brackets where it lies with a certainty of 95 %, whatever the pairs are spread like.',
      "The lower three are counted, less the same without marks. For Python's lock the training waits at most as long as the package's thread is on a CPU.",
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
    const args = [join(root, 'bench/python-training.py'), String(pairs), String(rows), String(stretchSeconds)];
    const training = JSON.parse(await withEngine(() => runPython(args))) as Training;
    process.stdout.write(`\n${renderReport(trainingReport(rows, training))}`);
    if (rows === batches[0]) process.stdout.write(`\n${renderReport(callsReport(training))}`);
  }
  process.stdout.write(`\n${renderReport(startReport())}`);
} finally {
  rmSync(home, { recursive: true, force: true });
}
