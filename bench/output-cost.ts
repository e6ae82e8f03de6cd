import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOutputMarks } from '../engine/output/output-marks.ts';
import { outputReaders } from '../engine/output/readers/registry.ts';
import type { Report } from './report.ts';

const cli = join(import.meta.dirname, '../out/main/cli.js');
const lineCount = 200_000;
const copiedMebibytes = 256;
const pacedLines = 2000;
const pacedSeconds = 10;

const bar = (i: number): string =>
  `\rEpoch 1:  ${i % 100}%|█████     | ${i}/${lineCount} [00:01<00:01, 99.1it/s, loss=0.${(i % 900) + 100}]`;
const kinds: readonly (readonly [string, (i: number) => string])[] = [
  ['tqdm bars', bar],
  [
    "Trainer's dictionaries",
    (i) => `{'loss': '0.${i}', 'grad_norm': '3.583', 'learning_rate': '4.5e-05', 'epoch': '${i / 1000}'}\n`,
  ],
  ['step=… loss=…', (i) => `[rank${i % 8}] 2026-01-01 10:00:00 INFO step=${i} loss=0.5\n`],
  ['lines that say nothing', (i) => `2026-01-01 10:00:00 INFO worker ${i} has read shard ${i} of the data set\n`],
];

/** Lines a second that one core reads marks from. */
function linesASecond(line: (i: number) => string): number {
  const bytes = new TextEncoder().encode(Array.from({ length: lineCount }, (_, i) => line(i)).join(''));
  const marks = createOutputMarks({ readers: outputReaders, onMark: () => {} });
  const stream = marks.stream();
  const startedMs = performance.now();
  for (let from = 0; from < bytes.length; from += 65_536) stream.push(bytes.subarray(from, from + 65_536), from);
  stream.finish(bytes.length);
  return (lineCount / (performance.now() - startedMs)) * 1000;
}

interface Cost {
  readonly seconds: number;
  /** CPU time of the wrapper alone; its command's is taken off. */
  readonly cpuSeconds: number;
}

/** Runs a command through `wattrun run` with its output into a pipe that is drained. */
async function cost(options: readonly string[], command: readonly string[], home: string): Promise<Cost> {
  const startedMs = performance.now();
  const script = `time=$( { TIMEFORMAT='%U %S'; time "$@" >&3; } 2>&1 ); echo "$time" | tail -1 >&2`;
  const child = spawn(
    'bash',
    ['-c', `exec 3>&1; ${script}`, 'bash', process.execPath, cli, 'run', '--quiet', ...options, '--', ...command],
    { env: { ...process.env, WATTRUN_HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  child.stdout.resume();
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await once(child, 'close');
  const [user = Number.NaN, system = Number.NaN] = said.trim().split(/\s+/).map(Number);
  return { seconds: (performance.now() - startedMs) / 1000, cpuSeconds: user + system };
}

const paced = `const line = 'step 1 loss 0.5 of an output that says something every half millisecond\\n'; let n = 0;
const timer = setInterval(() => { for (let i = 0; i < ${pacedLines / 100}; i++) console.log(line.replace('1', n++)); if (n >= ${pacedLines * pacedSeconds}) clearInterval(timer); }, 10);`;

/** What reading a command's output costs, in lines that can be read and in time that is added. */
export async function benchOutputCost(): Promise<Report> {
  const home = mkdtempSync(join(tmpdir(), 'wattrun-bench-'));
  try {
    const file = join(home, 'bytes');
    writeFileSync(
      file,
      Buffer.alloc(copiedMebibytes * 1024 * 1024, 'no step and no epoch in this line of sixty-three characters ..\n'),
    );
    const rows = kinds.map(([what, line]) => ({
      what: `reads ${what}`,
      cells: [`${Math.round(linesASecond(line) / 1000)},000 lines/s`],
    }));
    for (const [what, options] of [
      ['passing through', []],
      ['left alone (--no-marks)', ['--no-marks']],
    ] as const) {
      const copy = await cost(options, ['cat', file], home);
      const steady = await cost(options, [process.execPath, '-e', paced], home);
      rows.push(
        {
          what: `\`cat\` of ${copiedMebibytes} MiB, ${what}`,
          cells: [`${copy.seconds.toFixed(1)} s, ${copy.cpuSeconds.toFixed(2)} s of CPU`],
        },
        {
          what: `${pacedSeconds} s of ${pacedLines} lines/s, ${what}`,
          cells: [`${steady.cpuSeconds.toFixed(2)} s of CPU, the program's own among it`],
        },
      );
    }
    return {
      title: "Reading a command's output",
      columns: ['cost'],
      rows,
      notes: ['CPU time of wrapper, engine and command together.'],
    };
  } finally {
    rmSync(home, { recursive: true });
  }
}
