import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { runReportSchema } from '../../shared/model/run.ts';
import { unprivilegedIds } from '../fakes/powercap.ts';
import { cliFile, runCli, showLast, startCli, temporaryHome, until } from './cli.ts';

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
/** A disk of its own, small enough to fill. */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
const hasPython = spawnSync('python3', ['--version']).status === 0;
/** Says at its end how much CPU time it got. */
const busyLoop = (seconds: number): string =>
  `import time\nt=time.time()\nwhile time.time()-t<${seconds}: pass\nprint(time.process_time())`;

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
    // As much of a core as it had itself, which is the machine's affair; what it had after the last look is not seen.
    const seenRatio = ((report.utilization.meanCpuCores ?? 0) * run.durationSeconds) / Number(ended.stdout);
    expect(seenRatio).toBeGreaterThan(0.7);
    expect(seenRatio).toBeLessThan(1.1);
    expect(runReportSchema.parse(JSON.parse(readFileSync(join(root, 'loop.json'), 'utf8')))).toEqual(report);
    expect(ended.stderr).toContain('loop finished');
    expect(ended.stderr).toContain('g/kWh (World average');
  });

  it('says nothing at the end when it is to be quiet', async () => {
    const ended = await runCli(['run', '--quiet', '--', 'true'], env);
    expect(ended).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('measures a command whose name is empty or too long', async () => {
    const ended = await runCli(['run', '--name', '', '--project', 'p'.repeat(250), '--', 'sh', '-c', 'exit 3'], env);
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('wattrun: what --project says is longer than 200 characters, and is cut there.\n');
    expect((await showLast(env)).run).toMatchObject({ name: 'sh', project: 'p'.repeat(200), exitCode: 3 });
  });

  it.skipIf(process.platform === 'win32')('runs and measures a command in a folder that was removed', async () => {
    const gone = join(root, 'gone');
    const cli = `${process.execPath} ${cliFile}`;
    const line = `mkdir ${gone} && cd ${gone} && rmdir ${gone} && ${cli} run --quiet -- sh -c 'echo here; exit 5'`;
    const ended = spawnSync('sh', ['-c', line], { env: { ...process.env, ...env }, encoding: 'utf8' });
    expect(ended).toMatchObject({ status: 5, stdout: 'here\n' });
    expect((await showLast(env)).run).toMatchObject({ cwd: null, exitCode: 5 });
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
    const asked = `${process.execPath} ${cliFile} run --quiet -- sh -c 'test -t 0 && test -t 1 && test -t 2 && echo terminal'`;
    const { stdout } = spawnSync('script', ['-qec', asked, '/dev/null'], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    expect(stdout).toContain('terminal');
  });

  it('passes stdin through', async () => {
    const child = spawn(process.execPath, [cliFile, 'run', '--quiet', '--', 'cat'], {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
    });
    child.stdin.end('to the child\n');
    await new Promise((resolve) => child.on('close', resolve));
    expect(out).toBe('to the child\n');
  });

  it.skipIf(!canMount)('says that its end is not on record when the disk was full, with the figures', () => {
    mkdirSync(home, { recursive: true });
    const script = `mount -t tmpfs -o size=2m tmpfs "$WATTRUN_HOME" && exec "$0" "$1" run -- sh -c '
      sleep 2; dd if=/dev/zero of="$WATTRUN_HOME/fill" bs=1k 2>&-; sleep 2; exit 4'`;
    const ended = spawnSync('unshare', ['-rm', 'sh', '-c', script, process.execPath, cliFile], {
      encoding: 'utf8',
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', WATTRUN_NVML: '/nowhere/libnvidia-ml.so.1', ...env },
    });
    expect(ended.status).toBe(4);
    expect(ended.stderr).toContain('sh failed');
    expect(ended.stderr).toMatch(
      /^wattrun: the end of this run could not be recorded\. Nothing more can be recorded: the disk of .* is full\. /m,
    );
  });

  it('says in a line that a record could not be read, puts it aside and measures all the same', async () => {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'wattrun.db'), 'garbage\n');
    const ended = await runCli(['run', '--quiet', '--', 'true'], env);
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    expect(ended.stderr).toMatch(
      /^wattrun: The record could not be read and was put aside as \S+\.corrupt-\S+; a new one was begun\.\n$/,
    );
    const aside = readdirSync(home).find((name) => name.includes('.corrupt-')) ?? '';
    expect(readFileSync(join(home, aside), 'utf8')).toBe('garbage\n');
    expect((await showLast(env)).run.status).toBe('finished');
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
      const ids = unprivilegedIds() ?? { uid: 65_534, gid: 65_534 };
      const ended = spawnSync(process.execPath, [cliFile, 'run', '--', 'sh', '-c', 'echo done; exit 4'], {
        env: { ...process.env, WATTRUN_HOME: join(closed, 'data') },
        encoding: 'utf8',
        ...ids,
      });
      expect(ended.status).toBe(4);
      expect(ended.stdout).toBe('done\n');
      expect(ended.stderr).toContain('not measured');
      expect(ended.stderr).toContain(join(closed, 'data'));
      expect(ended.stderr).toContain('WATTRUN_HOME');
      const listed = spawnSync(process.execPath, [cliFile, 'runs'], {
        env: { ...process.env, WATTRUN_HOME: join(closed, 'data') },
        encoding: 'utf8',
        ...ids,
      });
      expect(listed.status).toBe(1);
      expect(listed.stderr.trim().split('\n')).toHaveLength(1);
    },
  );

  it('goes on measuring all that are on when the first of several, whose engine measured them, ends', async () => {
    const sleeping = (name: string, seconds: number) =>
      startCli(['run', '--quiet', '--name', name, '--', 'sleep', String(seconds)], env);
    const first = sleeping('first', 6);
    await until(() => existsSync(join(home, 'wattrun.db')) && runsOf(home).length === 1, 'the first run');
    const others = ['second', 'third', 'fourth'].map((name) => sleeping(name, 12));
    await until(() => runsOf(home).length === 4, 'all runs');
    expect((await first.ended).code).toBe(0);
    // Looked at while one of the others takes over: nothing that goes on is closed.
    const { stdout } = await runCli(['runs', '--json'], env);
    const statuses = (JSON.parse(stdout).runs as { status: string }[]).map(({ status }) => status);
    expect(statuses.filter((status) => status === 'running')).toHaveLength(3);
    for (const { ended } of others) expect(await ended).toMatchObject({ code: 0, stderr: '' });
    const { runs } = JSON.parse((await runCli(['runs', '--json'], env)).stdout) as {
      runs: { status: string; durationSeconds: number; coverage: number }[];
    };
    expect(runs.map(({ status }) => status)).toEqual(Array(4).fill('finished'));
    for (const run of runs.filter(({ durationSeconds }) => durationSeconds > 7)) {
      expect(run.durationSeconds).toBeGreaterThan(11.5);
      expect(run.coverage).toBeGreaterThan(0.5);
    }
  });

  it('starts the command beside an engine that hangs, and measures it once the engine answers', async () => {
    const server = startCli(['serve', '--json'], env);
    await until(() => server.stdout().includes('\n'), 'the server');
    server.child.kill('SIGSTOP');
    const started = startCli(['run', '--', 'sh', '-c', 'echo started; sleep 8; exit 7'], env);
    await until(() => started.stdout().includes('started'), 'the command');
    server.child.kill('SIGCONT');
    const ended = await started.ended;
    expect(ended.code).toBe(7);
    expect(ended.stderr).toContain('does not answer');
    const report = await showLast(env);
    server.child.kill('SIGTERM');
    await server.ended;
    expect(report.run).toMatchObject({ status: 'failed', exitCode: 7 });
    expect(report.run.durationSeconds).toBeGreaterThan(1);
    expect(report.run.durationSeconds).toBeLessThan(8.5);
  });

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

describe('a list of runs that is empty', () => {
  it('says why: there are none, no such project, none so late', async () => {
    const said = async (...words: readonly string[]) => {
      const { code, stdout, stderr } = await runCli(['runs', ...words], env);
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
      return stderr;
    };
    expect(await said()).toContain('No runs yet.');
    await runCli(['run', '--quiet', '--project', 'vision', '--', 'true'], env);
    const refused = await runCli(['runs', '--project', 'nosuch'], env);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('There is no project nosuch.');
    expect(refused.stderr).toContain('wattrun projects');
    expect(await said('--since', '2999-01-01')).toBe('No run was started since 2999-01-01 00:00 (UTC).\n');
    expect(await said('--since', '2999-01-01', '--project', 'vision')).toBe(
      'No run of project vision was started since 2999-01-01 00:00 (UTC).\n',
    );
  });
});

describe('a run by hand', () => {
  it('is closed as interrupted when its engine is killed, says so, and its process is followed again in a new one', async () => {
    const serve = async () => {
      const server = startCli(['serve', '--json'], env);
      await until(() => server.stdout().includes('\n'), 'the server');
      return server;
    };
    const sleeper = spawn('sleep', ['120'], { stdio: 'ignore' });
    const start = ['start', '--name', 'left-open', '--pid', String(sleeper.pid)];
    try {
      const killed = await serve();
      const first = (await runCli(start, env)).stdout.trim();
      await expect.poll(async () => (await showLast(env)).energy.coverage, { timeout: 20_000 }).toBeGreaterThan(0);
      killed.child.kill('SIGKILL');
      await killed.ended;
      const next = await serve();
      expect((await runCli(['runs'], env)).stdout).toContain(`${first}  interrupted  left-open`);
      const { run } = await showLast(env);
      const said = (await runCli(['show', 'last'], env)).stdout;
      const at = `${run.endedAt?.slice(0, 19).replace('T', ' ')} UTC`;
      expect(said).toContain(`Ended      closed at its last sample, ${at}: Wattrun went away before it ended\n`);
      expect(said).toContain('           where its process goes on, as a new run: wattrun start --pid PID\n');
      const markdown = (await runCli(['export', first, '--format', 'markdown'], env)).stdout;
      expect(markdown).toContain('| Status | interrupted, closed at its last sample |');
      const second = (await runCli(start, env)).stdout.trim();
      expect((await runCli(['runs'], env)).stdout).toContain(`${second}  running      left-open`);
      next.child.kill('SIGTERM');
      await next.ended;
    } finally {
      sleeper.kill('SIGKILL');
    }
  });

  it('is marked, held and ended by its name, the beginning of its id or "last"', async () => {
    const server = startCli(['serve', '--json'], env);
    await until(() => server.stdout().includes('\n'), 'the server');
    const sleeper = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      const started = await runCli(['start', '--name', 'by-hand', '--pid', String(sleeper.pid)], env);
      const id = started.stdout.trim();
      expect(await runCli(['mark', 'warm', '--run', 'by-hand'], env)).toMatchObject({ code: 0, stderr: '' });
      expect(await runCli(['pause', 'last'], env)).toMatchObject({ code: 0, stderr: '' });
      expect((await runCli(['runs'], env)).stdout).toContain(`${id}  paused  by-hand`);
      expect((await runCli(['show', 'last'], env)).stdout).toContain(`by-hand paused · ${id}`);
      expect(JSON.parse((await runCli(['runs', '--json'], env)).stdout).runs).toMatchObject([
        { id, status: 'running', isPaused: true },
      ]);
      expect(await runCli(['resume', id.slice(0, 6)], env)).toMatchObject({ code: 0, stderr: '' });
      expect(await runCli(['stop', 'nobody'], env)).toMatchObject({ code: 2 });
      const ended = spawn('true');
      await once(ended, 'exit');
      expect(await runCli(['start', '--name', 'none', '--pid', String(ended.pid)], env)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: `wattrun: There is no process ${ended.pid} on this machine.\n`,
      });
      expect(await runCli(['stop', 'by-hand'], env)).toMatchObject({ code: 0, stdout: `${id}\n`, stderr: '' });
      const report = await showLast(env);
      expect(report.run).toMatchObject({ id, status: 'stopped' });
      expect(report.marks).toEqual([expect.objectContaining({ kind: 'note', label: 'warm' })]);
    } finally {
      sleeper.kill('SIGKILL');
      server.child.kill('SIGTERM');
      await server.ended;
    }
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

  const long = 'p'.repeat(201);
  it.each([
    [['start', '--name', ''], '--name', 'It must have 1 to 200 characters.'],
    [['start', '--project', long], '--project', 'It must have 1 to 200 characters.'],
    [['rename', 'last', ' '], "argument 'name'", 'It must have 1 to 200 characters.'],
    [['start', '--pid', '1.5'], '--pid', 'It must be a whole number from 1 to 4194304.'],
    [['serve', '--port', '1.5'], '--port', 'It must be a whole number from 0 to 65535.'],
    [['mark', long, '--run', 'last'], "argument 'label'", 'It must have at most 200 characters.'],
    [
      ['alerts', 'destinations', 'add', 'webhook', 'nonsense'],
      "argument 'url'",
      'It must be an address that begins with https:// or http://.',
    ],
    [
      ['alerts', 'destinations', 'add', 'email', 'a@example.org', 'b', '--smtp', 'x', '--from', 'a@example.org'],
      "argument 'address'",
      'It must be an e-mail address: name@example.org.',
    ],
    [
      ['carbon', 'use', 'gb-carbon-intensity', '--url', 'nonsense'],
      '--url',
      'It must be an address that begins with https:// or http://.',
    ],
  ])('%j is told what is wrong with which word, exit 2', async (args, word, text) => {
    const ended = await runCli(args, env);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(word);
    expect(ended.stderr).toMatch(/^wattrun: .* is invalid/);
    expect(ended.stderr.endsWith(`. ${text}\n`)).toBe(true);
  });

  it('refuses a report on stdout before anything runs', async () => {
    const ended = await runCli(['run', '--json', '-', '--', 'echo', 'ran'], env);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('The report cannot go to stdout, which belongs to the command.');
  });

  it.each([['alerts'], ['alerts destinations'], ['alerts destinations add']])(
    '%s without one of its commands: its help on stderr, exit 2',
    async (words) => {
      const ended = await runCli(words.split(' '), env);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toContain(`Usage: wattrun ${words} [options] [command]`);
      expect(ended.stderr).not.toContain('outputHelp');
    },
  );
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
