import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { type RunReport, runReportSchema } from '../../shared/model/run.ts';
import { installFakeNvidiaSmi } from '../fakes/install.ts';
import type { FakeConfig } from '../fakes/nvidia-smi/config.mjs';
import { energyJoules } from '../fakes/waveform.mjs';
import { runCli, type Started, startCli, temporaryHome, until } from './cli.ts';

const uuid = 'GPU-5c0ffee0-0000-4000-8000-000000000002';
const wave = { kind: 'square', lowWatts: 80, highWatts: 320, periodSeconds: 6, dutyRatio: 0.5 } as const;
const hasPython = spawnSync('python3', ['--version']).status === 0;

const { home, remove } = temporaryHome();
const children: ChildProcess[] = [];
const servers: Started[] = [];
afterAll(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of servers) server.child.kill('SIGTERM');
  await Promise.all(servers.map((server) => server.ended));
  remove();
});

/** A GPU that is used by the processes whose pids are in files; their command lines are their own. */
function machine(zeroMs: number, pidFiles: readonly string[]): FakeConfig {
  return {
    phaseZeroUnixMs: zeroMs,
    gpus: [
      {
        uuid,
        name: 'NVIDIA Test 1',
        busId: '00000000:01:00.0',
        limitWatts: 350,
        wave,
        utilizationPercent: 70,
        sensor: { kind: 'average-1s', updateMs: 100 },
        processes: pidFiles.map((file) => ({ pid: `FILE:${file}`, name: 'python3', smPercent: 70, memoryMiB: 512 })),
      },
    ],
  };
}

async function startServer(env: Readonly<Record<string, string>>): Promise<Started> {
  const server = startCli(['serve', '--json'], env);
  servers.push(server);
  await until(() => server.stdout().includes('\n'), 'the server');
  return server;
}

/** An engine that serves, with a folder of its own, and the environment to ask it with. */
async function serve(name: string, pidFileNames: readonly string[]) {
  const folder = join(home, name);
  mkdirSync(join(folder, 'vision'), { recursive: true });
  installFakeNvidiaSmi(join(folder, 'bin'));
  const zeroMs = Date.now();
  const pidFiles = pidFileNames.map((file) => join(folder, file));
  const env = {
    WATTRUN_HOME: join(folder, 'data'),
    PATH: `${join(folder, 'bin')}:/usr/local/bin:/usr/bin:/bin`,
    FAKE_NVIDIA_SMI: JSON.stringify(machine(zeroMs, pidFiles)),
  };
  const server = await startServer(env);
  const database = join(folder, 'data', 'wattrun.db');
  return { folder, env, zeroMs, pidFiles, server, runs: () => storedRuns(database) };
}

/** A process that was started by somebody, not through us; its pid is in the file that the fake driver lists. */
function start(
  folder: string,
  pidFile: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, {
    cwd: join(folder, 'vision'),
    stdio: 'ignore',
    env: { PATH: '/usr/bin:/bin', ...env },
  });
  children.push(child);
  writeFileSync(pidFile, `${child.pid}\n`);
  return child;
}

interface StoredRun {
  readonly id: string;
  readonly status: string;
}

function storedRuns(path: string): readonly StoredRun[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database.prepare('SELECT id, status FROM runs WHERE deleted_ms IS NULL ORDER BY number').all();
    return rows.map((row) => ({ id: String(row.id), status: String(row.status) }));
  } finally {
    database.close();
  }
}

async function reportOf(runId: string, env: Readonly<Record<string, string>>): Promise<RunReport> {
  return runReportSchema.parse(JSON.parse((await runCli(['show', runId, '--json'], env)).stdout));
}

const sleepScript = (seconds: number): string => `import time\ntime.sleep(${seconds})\n`;

// Each has a machine and an engine of its own.
describe.concurrent('training that nobody wrapped', () => {
  it.skipIf(!hasPython)(
    'is found by its process on the GPU, named by its script, and measured from first sight to its end',
    async () => {
      const { folder, env, zeroMs, pidFiles, runs } = await serve('plain', ['pid']);
      writeFileSync(join(folder, 'vision', 'train_vit.py'), sleepScript(26));
      mkdirSync(join(folder, 'vision', '.git'));
      const commit = '0123456789abcdef0123456789abcdef01234567';
      writeFileSync(join(folder, 'vision', '.git', 'HEAD'), `${commit}\n`);
      const startedMs = Date.now();
      start(folder, pidFiles[0] ?? '', ['python3', '-u', 'train_vit.py', '--lr', '1'], {
        SLURM_JOB_ID: '4711',
        SLURM_JOB_NAME: 'vit',
      });
      await until(() => runs().length === 1, 'the run', 25_000);
      const foundMs = Date.now();
      // Ten seconds of use, after a list of processes that is up to two seconds old and a tick.
      expect(foundMs - startedMs).toBeGreaterThan(9500);
      expect(foundMs - startedMs).toBeLessThan(18_000);
      await until(() => runs()[0]?.status === 'finished', 'its end', 40_000);
      const { run, energy } = await reportOf(runs()[0]?.id ?? '', env);
      expect(run).toMatchObject({
        name: 'train_vit',
        project: 'vision',
        cwd: join(folder, 'vision'),
        gitCommit: commit,
        command: ['python3', '-u', 'train_vit.py', '--lr', '1'],
        foundBy: 'process',
        status: 'finished',
        exitCode: null,
        tags: { slurm_job_id: '4711', slurm_job_name: 'vit' },
      });
      const fromSeconds = (Date.parse(run.startedAt) - zeroMs) / 1000;
      // Seen at the latest with the second list after it began, gone at the tick after it ended.
      expect(Date.parse(run.startedAt) - startedMs).toBeLessThan(6000);
      expect(Date.parse(run.endedAt ?? '') - startedMs - 26_000).toBeLessThan(3500);
      const gpu = energy.domains.find((domain) => domain.id === `gpu:${uuid}`);
      const truth = energyJoules(wave, fromSeconds, fromSeconds + run.durationSeconds);
      expect(Math.abs((gpu?.joules ?? 0) / truth - 1), `${gpu?.joules} J measured, ${truth} J true`).toBeLessThan(0.02);
      expect(
        Math.abs((gpu?.runJoules ?? 0) / truth - 1),
        `${gpu?.runJoules} J its share, ${truth} J true`,
      ).toBeLessThan(0.05);
      expect(gpu?.coverage).toBeGreaterThan(0.95);
    },
  );

  it.skipIf(!hasPython)(
    'is taken on by the next engine when the first is killed, and closed when it ends',
    async () => {
      const { folder, env, pidFiles, runs, server } = await serve('killed', ['pid']);
      writeFileSync(join(folder, 'vision', 'train_long.py'), sleepScript(60));
      const child = start(folder, pidFiles[0] ?? '', ['python3', 'train_long.py']);
      await until(() => runs().length === 1, 'the run', 25_000);
      server.child.kill('SIGKILL');
      await server.ended;
      // A look at the record alone does not end a run that goes on.
      expect((await runCli(['runs', '--json'], env)).code).toBe(0);
      expect(runs()).toMatchObject([{ status: 'running' }]);
      await startServer(env);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      expect(runs()).toMatchObject([{ status: 'running' }]);
      child.kill('SIGKILL');
      await until(() => runs()[0]?.status === 'finished', 'its end');
      const { energy } = await reportOf(runs()[0]?.id ?? '', env);
      expect(energy.domains.some((domain) => domain.gaps.some((gap) => gap.reason === 'restart'))).toBe(true);
    },
  );

  it.skipIf(!hasPython)(
    'is not found when it is wrapped, merged with another by word of mouth, or dismissed',
    async () => {
      const { folder, env, pidFiles, runs } = await serve('words', ['one', 'two', 'three']);
      for (const name of ['one', 'two']) {
        writeFileSync(join(folder, 'vision', `${name}.py`), sleepScript(60));
        start(folder, pidFiles[['one', 'two'].indexOf(name)] ?? '', ['python3', `${name}.py`]);
      }
      const wrapped = startCli(['run', '--quiet', '--', 'sh', '-c', `echo $$ > '${pidFiles[2]}'; sleep 25`], env);
      await until(() => runs().length === 3, 'the runs', 25_000);
      const listed = JSON.parse((await runCli(['runs', '--json'], env)).stdout).runs as readonly {
        readonly name: string;
        readonly foundBy: string;
        readonly id: string;
      }[];
      expect(listed.map((run) => [run.name, run.foundBy]).sort()).toEqual([
        ['one', 'process'],
        ['sh', 'command'],
        ['two', 'process'],
      ]);
      const merged = await runCli(['merge', 'one', 'two'], env);
      expect([merged.code, merged.stderr]).toEqual([0, '']);
      expect(runs()).toHaveLength(2);
      const refused = await runCli(['merge', 'one', 'sh'], env);
      expect([refused.code, refused.stdout]).toEqual([1, '']);
      expect((await runCli(['rename', 'one', 'both of them'], env)).code).toBe(0);
      expect((await runCli(['show', 'both of them'], env)).code).toBe(0);
      expect((await runCli(['dismiss', 'both of them'], env)).code).toBe(0);
      expect(runs()).toHaveLength(1);
      expect((await wrapped.ended).code).toBe(0);
      // Longer than it takes to find one: the two that were dismissed go on.
      expect(runs()).toMatchObject([{ status: 'finished' }]);
      expect((await runCli(['dismiss', 'sh'], env)).code).toBe(1);
    },
  );
});
