// `npm run bench:export [-- --rows N]`: a million-row time series by `wattrun export` beside the sqlite3 shell's own CSV output of the same file.
import { spawn, spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readBuildNeed } from '../scripts/start-build.mjs';
import { bytesFromKibibytes, bytesFromMebibytes } from '../shared/units.ts';
import { benchRunId, makeRecord } from './million-rows.ts';

interface Measured {
  readonly seconds: number;
  /** `VmHWM`: the most that was resident at any time; null where there is no /proc. */
  readonly peakBytes: number | null;
}

const leastSpeedRatio = 0.5;
const mostBytes = bytesFromMebibytes(150);
const tries = 3;
const root = join(import.meta.dirname, '..');
const command = join(root, 'bin/wattrun.mjs');

/** What the shell is asked for: every column of every sample. */
const plainQuery = 'SELECT * FROM samples WHERE domain > 0;';
/** The same rows and columns as the export has, in its order. */
const sameQuery = `SELECT '${benchRunId}', 'bench', strftime('%Y-%m-%dT%H:%M:%fZ', s.ts / 1000.0, 'unixepoch'), d.key, json_extract(d.json, '$.name'),
  s.watts, s.joules, r.joules, s.util, s.mem, s.temp, s.clock, s.provenance, 'false'
  FROM samples s JOIN domains d ON d.id = s.domain LEFT JOIN run_samples r ON r.run = 1 AND r.ts = s.ts AND r.domain = s.domain
  WHERE s.domain > 0 ORDER BY s.ts, s.domain;`;

/** Runs a command with its output thrown away, from its start to its end. */
async function measure(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Measured> {
  const startedMs = performance.now();
  const child = spawn(program, [...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  let peakBytes: number | null = null;
  const timer = setInterval(() => {
    peakBytes = peakOf(child.pid ?? 0) ?? peakBytes;
  }, 20);
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return { seconds: (performance.now() - startedMs) / 1000, peakBytes };
}

function peakOf(pid: number): number | null {
  try {
    const found = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found === null ? null : bytesFromKibibytes(Number(found[1]));
  } catch {
    return null;
  }
}

/** The fastest of some: what the machine does beside it only ever makes it slower. */
async function best(run: () => Promise<Measured>): Promise<Measured> {
  const all: Measured[] = [];
  for (let i = 0; i < tries; i++) all.push(await run());
  const peaks = all.flatMap(({ peakBytes }) => peakBytes ?? []);
  return {
    seconds: Math.min(...all.map(({ seconds }) => seconds)),
    peakBytes: peaks.length === 0 ? null : Math.max(...peaks),
  };
}

async function countLines(path: string): Promise<number> {
  let lines = 0;
  for await (const bytes of createReadStream(path)) for (const byte of bytes as Buffer) if (byte === 10) lines += 1;
  return lines;
}

// As users have it: built.
if (readBuildNeed(root) !== 'none')
  spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });
const rows = Number(values.rows);
const folder = mkdtempSync(join(tmpdir(), 'wattrun-bench-'));
try {
  const record = join(folder, 'wattrun.db');
  makeRecord(record, rows);
  console.log(`${rows} rows in a record of ${(statSync(record).size / 2 ** 20).toFixed(0)} MiB, best of ${tries}\n`);
  const out = join(folder, 'out.csv');
  const env = { ...process.env, WATTRUN_HOME: folder };
  const exported = await best(() =>
    measure(process.execPath, [command, 'export', benchRunId, '--format', 'timeseries-csv', '--out', out], env),
  );
  const lines = await countLines(out);
  if (lines !== rows + 1) throw new Error(`the export has ${lines} lines, not ${rows + 1}`);
  const hasShell = spawnSync('sqlite3', ['--version']).status === 0;
  const shell = (query: string): Promise<Measured> =>
    best(() => measure('sqlite3', ['-csv', '-header', record, `.output ${join(folder, 'shell.csv')}`, query], env));
  const shells = hasShell ? { plain: await shell(plainQuery), same: await shell(sameQuery) } : null;
  const line = (name: string, { seconds, peakBytes }: Measured): string =>
    `| ${name} | ${seconds.toFixed(2)} s | ${Math.round(rows / seconds / 1000)}k rows/s | ${peakBytes === null ? '–' : `${(peakBytes / 2 ** 20).toFixed(0)} MiB`} |`;
  console.log('| | time | speed | most memory |\n| --- | ---: | ---: | ---: |');
  console.log(line('wattrun export timeseries-csv', exported));
  if (shells === null) console.log('\nskipped beside the sqlite3 shell: there is none (apt-get install sqlite3)');
  else {
    console.log(line('sqlite3 -csv, the samples as they are', shells.plain));
    console.log(line('sqlite3 -csv, the same rows and columns', shells.same));
  }
  const ratio = shells === null ? null : shells.plain.seconds / exported.seconds;
  if (ratio !== null)
    console.log(
      `\n${ratio.toFixed(2)} of the shell's speed on the samples as they are (at least ${leastSpeedRatio} is asked)`,
    );
  const isTooSlow = ratio !== null && ratio < leastSpeedRatio;
  const isTooLarge = exported.peakBytes !== null && exported.peakBytes > mostBytes;
  if (isTooSlow || isTooLarge) {
    console.error(`missed:${isTooSlow ? ' speed' : ''}${isTooLarge ? ' memory' : ''}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
