// What the Python package costs a training: `npm run bench:python [-- --pairs N]`. Needs a python3 with PyTorch (WATTRUN_PYTHON says which).
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)] ?? Number.NaN;
const quartile = (values: readonly number[], part: number): number =>
  sorted(values)[Math.floor(values.length * part)] ?? Number.NaN;

interface Training {
  readonly wall: { readonly plain: readonly number[]; readonly marked: readonly number[] };
  readonly cpu: { readonly plain: readonly number[]; readonly marked: readonly number[] };
  /** CPU time of the package's thread while the loop ran. */
  readonly senderSeconds: number;
  readonly markSeconds: readonly [number, number, number];
}

function runPython(args: readonly string[]): string {
  const ended = spawnSync(python, args, { env, encoding: 'utf8' });
  if (ended.status !== 0) throw new Error(`${python} ${args.join(' ')}: ${ended.stderr}`);
  return ended.stdout;
}

async function withEngine<T>(work: () => T): Promise<T> {
  const engine: ChildProcess = spawn(process.execPath, [join(root, 'cli/main.ts'), 'serve'], { env, stdio: 'ignore' });
  try {
    while (!existsSync(join(home, 'engine.json'))) await new Promise((resolve) => setTimeout(resolve, 50));
    return work();
  } finally {
    engine.kill();
    await new Promise((resolve) => engine.once('exit', resolve));
  }
}

/** Change from plain to marked in each pair, as a percentage: neighbours in time share what else the machine does. */
function changes({ plain, marked }: Training['wall']): readonly number[] {
  return plain.map((seconds, i) => ((marked[i] ?? Number.NaN) / seconds - 1) * 100);
}

const line = (what: string, value: string): void => void process.stdout.write(`| ${what} | ${value} |\n`);
const percent = (values: readonly number[]): string =>
  `${median(values).toFixed(2)} % (quartiles ${quartile(values, 0.25).toFixed(2)} to ${quartile(values, 0.75).toFixed(2)} %)`;

try {
  const training = JSON.parse(
    await withEngine(() => runPython([join(root, 'bench/python-training.py'), String(pairs)])),
  ) as Training;
  const timed = (code: string): number =>
    median(
      Array.from({ length: 9 }, () =>
        Number(runPython(['-c', `import time; t = time.perf_counter(); ${code}; print(time.perf_counter() - t)`])),
      ),
    ) * 1000;
  const [middle, p99, longest] = training.markSeconds;
  process.stdout.write(
    `\n${pairs} pairs of 100 steps of PyTorch on the CPU, a mark with its loss each step\n\n| | |\n|---|---|\n`,
  );
  line('longer by, wall time, median of pairs', percent(changes(training.wall)));
  line('more CPU time in the training process, median of pairs', percent(changes(training.cpu)));
  const markedSeconds = training.cpu.marked.reduce((sum, seconds) => sum + seconds, 0);
  line(
    "of the marked steps' CPU time, the package's thread",
    `${((training.senderSeconds / markedSeconds) * 100).toFixed(2)} %`,
  );
  line('one step', `${((median(training.wall.plain) / 100) * 1000).toFixed(2)} ms`);
  line('one mark: median, p99, longest', `${[middle, p99, longest].map((s) => (s * 1e6).toFixed(1)).join(', ')} µs`);
  line('import wattrun, median of 9', `${timed('import wattrun').toFixed(1)} ms`);
  line(
    'run and end with no engine, seen by the training',
    `${timed("import wattrun; t = time.perf_counter(); wattrun.run('x').start().finish()").toFixed(2)} ms`,
  );
} finally {
  rmSync(home, { recursive: true, force: true });
}
