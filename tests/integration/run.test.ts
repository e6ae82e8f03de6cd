import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { runReportSchema } from '../../shared/model/run.ts';
import { unprivilegedIds } from '../fakes/powercap.ts';
import { runCli, showLast, startCli, temporaryHome, until } from './cli.ts';

const { home: root, remove } = temporaryHome();
afterAll(remove);

let count = 0;
let home = '';
let env: Record<string, string> = {};
beforeEach(() => {
  home = join(root, `home-${count++}`);
  env = { WATTRUN_HOME: home };
});

const python = ['python3', '-c'] as const;
const hasPython = spawnSync('python3', ['--version']).status === 0;
const busyLoop = (seconds: number): string => `import time\nt=time.time()\nwhile time.time()-t<${seconds}: pass`;

describe('wattrun run', () => {
  it('leaves output, arguments and exit code to the command', async () => {
    const ended = await runCli(['run', '--', 'sh', '-c', 'echo "out $1"; echo err >&2; exit 7', 'sh', '--name'], env);
    expect(ended.code).toBe(7);
    expect(ended.stdout).toBe('out --name\n');
    expect(ended.stderr.startsWith('err\n')).toBe(true);
    const report = await showLast(env);
    expect(report.run).toMatchObject({ status: 'failed', exitCode: 7, foundBy: 'command', name: 'sh' });
  });

  it.skipIf(!hasPython)('measures a CPU-bound process of 6 s', async () => {
    const ended = await runCli(
      [
        'run',
        '--name',
        'loop',
        '--project',
        'tests',
        '--tag',
        'a=b=c',
        '--json',
        join(root, 'loop.json'),
        '--',
        ...python,
        busyLoop(6),
      ],
      env,
    );
    expect(ended.code).toBe(0);
    const report = await showLast(env);
    const { energy, run } = report;
    expect(run).toMatchObject({ name: 'loop', project: 'tests', tags: { a: 'b=c' }, status: 'finished', exitCode: 0 });
    expect(run.durationSeconds).toBeGreaterThan(5.9);
    expect(energy.totalJoules).toBeGreaterThan(0);
    expect(energy.totalJoules).toBeGreaterThanOrEqual(energy.lowJoules ?? Number.POSITIVE_INFINITY);
    expect(energy.totalJoules).toBeLessThanOrEqual(energy.highJoules ?? 0);
    expect(energy.totalJoules).toBeLessThanOrEqual((energy.machineJoules ?? 0) + 1e-9);
    expect(energy.coverage).toBeGreaterThanOrEqual(0.95);
    // One busy thread: its tree had about one core.
    expect(report.utilization.meanCpuCores).toBeGreaterThan(0.5);
    expect(runReportSchema.parse(JSON.parse(readFileSync(join(root, 'loop.json'), 'utf8')))).toEqual(report);
    expect(ended.stderr).toContain('loop finished');
    expect(ended.stderr).toContain('g/kWh (World average');
  });

  it('says nothing at the end when it is to be quiet', async () => {
    const ended = await runCli(['run', '--quiet', '--', 'true'], env);
    expect(ended).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('forwards SIGTERM and exits with 128 + 15 when the command dies of it', async () => {
    const started = startCli(['run', '--quiet', '--', 'sh', '-c', 'echo ready; exec sleep 30'], env);
    await until(() => started.stdout().includes('ready'), 'the command');
    started.child.kill('SIGTERM');
    expect((await started.ended).code).toBe(143);
    expect((await showLast(env)).run).toMatchObject({ status: 'stopped', exitCode: 143 });
  });

  it('lets the command answer a signal in its own way', async () => {
    const started = startCli(
      ['run', '--quiet', '--', 'sh', '-c', "trap 'echo saved; exit 3' INT; echo ready; while :; do sleep 0.05; done"],
      env,
    );
    await until(() => started.stdout().includes('ready'), 'the command');
    started.child.kill('SIGINT');
    const ended = await started.ended;
    expect(ended.code).toBe(3);
    expect(ended.stdout).toBe('ready\nsaved\n');
  });

  it('gives the command its terminal', () => {
    if (spawnSync('script', ['--version']).status !== 0) return;
    const cli = join(import.meta.dirname, '../../cli/main.ts');
    const asked = `${process.execPath} ${cli} run --quiet -- sh -c 'test -t 0 && test -t 1 && test -t 2 && echo terminal'`;
    const { stdout } = spawnSync('script', ['-qec', asked, '/dev/null'], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    expect(stdout).toContain('terminal');
  });

  it('passes stdin through', async () => {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, '../../cli/main.ts'), 'run', '--quiet', '--', 'cat'],
      { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] },
    );
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
    });
    child.stdin.end('to the child\n');
    await new Promise((resolve) => child.on('close', resolve));
    expect(out).toBe('to the child\n');
  });

  it('tells the command where its engine is', async () => {
    const ended = await runCli(
      ['run', '--quiet', '--', 'sh', '-c', 'echo "$WATTRUN_RUN_ID $WATTRUN_URL $(printf %s "$WATTRUN_TOKEN" | wc -c)"'],
      env,
    );
    expect(ended.stdout).toMatch(/^[a-z0-9]{10} http:\/\/127\.0\.0\.1:\d+\/ 32\n$/);
    expect((await showLast(env)).run.id).toBe(ended.stdout.slice(0, 10));
  });

  it.each([
    { what: 'a command that is not there', argv: ['no-such-command-anywhere'], code: 127 },
    { what: 'a file that cannot be executed', argv: ['./plain.txt'], code: 126 },
  ])('exits with $code for $what, and leaves no run open', async ({ argv, code }) => {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(root, 'plain.txt'), 'text');
    chmodSync(join(root, 'plain.txt'), 0o644);
    const ended = await startCli(['run', '--', ...argv], env, { cwd: root }).ended;
    expect(ended.code).toBe(code);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    const { stdout } = await runCli(['runs', '--json'], env);
    expect(JSON.parse(stdout).runs).toEqual([]);
  });

  it('loses at most the last second when it is killed, and the next start closes the run as interrupted', async () => {
    const started = startCli(['run', '--quiet', '--name', 'killed', '--', 'sh', '-c', 'echo $$; exec sleep 60'], env);
    await until(() => started.stdout().includes('\n'), 'the command');
    const childPid = Number(started.stdout().trim());
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const killedMs = Date.now();
    started.child.kill('SIGKILL');
    // The child holds the pipe that `ended` waits for; it lives on, as it should.
    process.kill(childPid, 'SIGKILL');
    await started.ended;
    const report = await showLast(env);
    expect(report.run).toMatchObject({ name: 'killed', status: 'interrupted', exitCode: null });
    expect(killedMs - Date.parse(report.run.endedAt ?? '')).toBeLessThan(1500);
    expect(report.energy.totalJoules).toBeGreaterThan(0);
    const database = new DatabaseSync(join(home, 'wattrun.db'));
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
  });

  it.skipIf(unprivilegedIds() === null)(
    'runs the command unmeasured where its data cannot be written, and says so',
    async () => {
      const closed = join(root, 'closed');
      mkdirSync(closed, { mode: 0o555 });
      chmodSync(root, 0o755);
      const cli = join(import.meta.dirname, '../../cli/main.ts');
      const ids = unprivilegedIds() ?? { uid: 65_534, gid: 65_534 };
      const ended = spawnSync(process.execPath, [cli, 'run', '--', 'sh', '-c', 'echo done; exit 4'], {
        env: { ...process.env, WATTRUN_HOME: join(closed, 'data') },
        encoding: 'utf8',
        ...ids,
      });
      expect(ended.status).toBe(4);
      expect(ended.stdout).toBe('done\n');
      expect(ended.stderr).toContain('not measured');
      expect(ended.stderr).toContain(join(closed, 'data'));
      expect(ended.stderr).toContain('WATTRUN_HOME');
      const listed = spawnSync(process.execPath, [cli, 'runs'], {
        env: { ...process.env, WATTRUN_HOME: join(closed, 'data') },
        encoding: 'utf8',
        ...ids,
      });
      expect(listed.status).toBe(1);
      expect(listed.stderr.trim().split('\n')).toHaveLength(1);
    },
  );

  it('goes on measuring when the engine that had its run is killed', async () => {
    const server = startCli(['serve', '--json'], env);
    await until(() => server.stdout().includes('\n'), 'the server');
    const started = startCli(['run', '--quiet', '--name', 'orphan', '--', 'sleep', '8'], env);
    await until(() => existsSync(join(home, 'wattrun.db')) && runsOf(home).length === 1, 'the run');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    server.child.kill('SIGKILL');
    expect((await started.ended).code).toBe(0);
    const report = await showLast(env);
    expect(report.run).toMatchObject({ name: 'orphan', status: 'finished' });
    expect(report.run.durationSeconds).toBeGreaterThan(7.5);
    expect(report.energy.coverage).toBeGreaterThan(0.6);
    expect(report.energy.domains.some((domain) => domain.gaps.some((gap) => gap.reason === 'restart'))).toBe(true);
  });
});

function runsOf(directory: string): readonly unknown[] {
  const database = new DatabaseSync(join(directory, 'wattrun.db'), { readOnly: true });
  try {
    return database.prepare('SELECT id FROM runs').all();
  } catch {
    return [];
  } finally {
    database.close();
  }
}

describe('wrong words', () => {
  it.each([
    ['an unknown command', ['frobnicate']],
    ['an unknown option', ['runs', '--frobnicate']],
    ['an unknown run', ['show', 'nothing-of-that-name']],
    ['an unknown format', ['export', '--all', '--format', 'xlsx']],
    ['no command to run', ['run']],
    ['a number that is none', ['serve', '--port', 'many']],
  ])('%s: one line on stderr, exit 2', async (_what, args) => {
    const ended = await runCli(args, env);
    expect(ended.code).toBe(2);
    expect(ended.stdout).toBe('');
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('exports', () => {
  it('keeps hostile names as text in CSV, writes a file whole or not at all', async () => {
    await runCli(['run', '--quiet', '--name', '=HYPERLINK("x")', '--tag', '@x=1,2', '--', 'sleep', '1.2'], env);
    const out = join(root, 'runs.csv');
    expect((await runCli(['export', '--all', '--format', 'csv', '--out', out], env)).code).toBe(0);
    const text = readFileSync(out, 'utf8');
    expect(text).toContain('"\'=HYPERLINK(""x"")"');
    expect(text.split('\r\n').filter((line) => line !== '')).toHaveLength(2);
    expect(readdirSync(root).filter((name) => name.endsWith('.part'))).toEqual([]);
    const series = await runCli(['export', 'last', '--format', 'timeseries-csv'], env);
    expect(series.stdout.split('\r\n')[0]).toContain('power_watts');
    expect(series.stdout.split('\r\n').length).toBeGreaterThan(3);
    const json = await runCli(['export', 'last', '--format', 'json'], env);
    expect(runReportSchema.array().parse(JSON.parse(json.stdout))).toHaveLength(1);
  });
});
