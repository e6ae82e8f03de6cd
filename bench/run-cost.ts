import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, milliseconds, type Report } from './report.ts';

const cli = join(import.meta.dirname, '../out/main/cli.js');
const times = 10;

/** The child says when it began, on the wall clock that both processes share. */
const tellStart = ['sh', '-c', 'date +%s%N'] as const;
const nanosecondsPerMillisecond = 1_000_000n;

interface Timed {
  readonly startMs: number;
  readonly wholeMs: number;
}

async function time(prefix: readonly string[], env: NodeJS.ProcessEnv): Promise<Timed> {
  const [file = '', ...args] = [...prefix, ...tellStart];
  const startedMs = performance.timeOrigin + performance.now();
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  await ended;
  const microseconds = Number(BigInt(String(printed).trim()) / (nanosecondsPerMillisecond / 1000n));
  return {
    startMs: microseconds / 1000 - startedMs,
    wholeMs: performance.timeOrigin + performance.now() - startedMs,
  };
}

async function timeMany(prefix: readonly string[], env: NodeJS.ProcessEnv): Promise<Timed> {
  const timed: Timed[] = [];
  for (let count = 0; count < times; count++) timed.push(await time(prefix, env));
  return { startMs: median(timed.map(({ startMs }) => startMs)), wholeMs: median(timed.map(({ wholeMs }) => wholeMs)) };
}

/** What `wattrun run --` adds to a command that does next to nothing. */
export async function benchRunCost(): Promise<Report> {
  const home = mkdtempSync(join(tmpdir(), 'wattrun-bench-'));
  const env = { ...process.env, WATTRUN_HOME: home };
  const wrapped = [process.execPath, cli, 'run', '--quiet', '--'];
  try {
    const bare = await timeMany([], env);
    const node = await timeMany(
      [
        process.execPath,
        '-e',
        'require("child_process").spawnSync(process.argv[1],process.argv.slice(2),{stdio:"inherit"})',
      ],
      env,
    );
    const alone = await timeMany(wrapped, env);
    const owner = spawn(process.execPath, [cli, 'serve', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(owner.stdout, 'data');
    const guest = await timeMany(wrapped, env);
    owner.kill('SIGTERM');
    await once(owner, 'close');
    const row = (what: string, { startMs, wholeMs }: Timed) => ({
      what,
      cells: [milliseconds(startMs), milliseconds(wholeMs), milliseconds(wholeMs - bare.wholeMs)],
    });
    return {
      title: `What \`wattrun run --\` adds to a command, median of ${times}`,
      columns: ['until the command starts', 'whole', 'added'],
      rows: [
        row('the command alone', bare),
        row('started by an empty Node script', node),
        row('`wattrun run`, no engine alive', alone),
        row('`wattrun run`, an engine alive', guest),
      ],
      notes: [
        'The command is `sh -c "date +%s%N"`. With no engine alive, `run` opens and closes its own record and sources.',
      ],
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
