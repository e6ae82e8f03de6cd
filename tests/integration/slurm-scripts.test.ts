import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { until } from './cli.ts';

const scripts = join(import.meta.dirname, '../../integrations/slurm');
const scratch = mkdtempSync(join(tmpdir(), 'wattrun-slurm-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const hasSh = process.platform === 'linux';

/** A `wattrun` that stays, as `serve` does, under the name that the epilog looks for. */
function fakeCommand(): string {
  const folder = join(scratch, 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'wattrun'), '#!/bin/sh\nsleep 60\n');
  chmodSync(join(folder, 'wattrun'), 0o755);
  return `${folder}:/usr/bin:/bin`;
}

const isAlive = (pid: number): boolean => {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return stat !== '' && !stat.includes(') Z ');
};

describe('the SLURM scripts', () => {
  it.skipIf(!hasSh)('start one engine for a node, tell it to each task, and end it with the last job', async () => {
    const home = join(scratch, 'home');
    const PATH = fakeCommand();
    const run = (script: string, env: Readonly<Record<string, string>>) =>
      spawnSync('sh', [join(scripts, script)], {
        env: { PATH, HOME: scratch, WATTRUN_HOME: home, ...env },
        encoding: 'utf8',
      });
    const first = run('prolog.sh', { SLURM_LOCALID: '0', SLURM_JOB_ID: '7' });
    expect(first).toMatchObject({ status: 0, stdout: `export WATTRUN_HOME=${home}\n` });
    const pidFile = join(home, 'serve-7.pid');
    await until(() => existsSync(pidFile), 'the engine');
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(isAlive(pid)).toBe(true);
    const other = run('prolog.sh', { SLURM_LOCALID: '1', SLURM_JOB_ID: '7' });
    expect(other).toMatchObject({ status: 0, stdout: `export WATTRUN_HOME=${home}\n` });
    // Another job of the user is on the node: its engine stays.
    writeFileSync(join(home, 'serve-8.pid'), '1');
    expect(run('epilog.sh', { SLURM_JOB_ID: '7' }).status).toBe(0);
    expect(isAlive(pid)).toBe(true);
    writeFileSync(join(home, 'serve-8.pid'), String(pid));
    expect(run('epilog.sh', { SLURM_JOB_ID: '8' }).status).toBe(0);
    await until(() => !isAlive(pid), 'the engine to end');
  });

  it.skipIf(!hasSh)('fail no job where nothing can be written and nothing is installed', () => {
    const env = { PATH: '/usr/bin:/bin', HOME: '/proc/nowhere', SLURM_JOB_ID: '9', SLURM_LOCALID: '0' };
    for (const script of ['prolog.sh', 'epilog.sh'])
      expect(spawnSync('sh', [join(scripts, script)], { env }).status, script).toBe(0);
  });

  it.skipIf(!hasSh)('end no program that has the engine’s number by now', () => {
    const home = join(scratch, 'reused');
    mkdirSync(home);
    writeFileSync(join(home, 'serve-7.pid'), String(process.pid));
    const env = { PATH: '/usr/bin:/bin', WATTRUN_HOME: home, SLURM_JOB_ID: '7' };
    expect(spawnSync('sh', [join(scripts, 'epilog.sh')], { env }).status).toBe(0);
    expect(isAlive(process.pid)).toBe(true);
  });
});
