import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readProcessProgram } from '../../engine/machine/process-program.ts';
import { type EngineAddress, engineAddressSchema } from '../../engine/ownership/ownership.ts';
import { runReportSchema } from '../../shared/model/run.ts';
import { runCli, type Started, showLast, startCli, temporaryHome, until } from './cli.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const isLinux = process.platform === 'linux';
const { home, remove } = temporaryHome();
let server: Started | null = null;
afterAll(async () => {
  server?.child.kill('SIGTERM');
  await server?.ended;
  remove();
});

const secret = 'hf_AbCdEfGhIjKlMnOpQrStUvWxYz012345';
const variables = {
  CUDA_VISIBLE_DEVICES: '0,1',
  NCCL_DEBUG: 'WARN',
  HF_TOKEN: secret,
  TF_CONFIG: `{"auth":"${secret}"}`,
  MY_OWN: 'x',
};
const kept = { CUDA_VISIBLE_DEVICES: '0,1', NCCL_DEBUG: 'WARN' };

describe('the environment of a run', () => {
  it.skipIf(!hasPython)('is recorded of a wrapped command, without any secret', async () => {
    const env = { WATTRUN_HOME: join(home, 'wrapped'), ...variables };
    expect((await runCli(['run', '--quiet', '--', 'python3', '-c', 'pass'], env)).code).toBe(0);
    const { environment } = await showLast(env);
    expect(environment).toMatchObject({
      os: expect.any(String),
      kernel: expect.stringMatching(/\d+\.\d+/),
      cpu: expect.any(String),
      variables: kept,
      python: { executable: expect.stringMatching(/^\/.*python3$/), version: expect.stringMatching(/^3\.\d+/) },
    });
    expect(environment?.variables).toEqual(kept);
    // Nor does it lie anywhere in the record's files.
    for (const file of ['wattrun.db', 'wattrun.db-wal'])
      expect(readIfThere(join(home, 'wrapped', file)).includes(secret)).toBe(false);
  });

  it.skipIf(!isLinux)('is read of a process that another program names, from /proc', async () => {
    const env = { WATTRUN_HOME: join(home, 'named') };
    server = startCli(['serve', '--json'], env);
    const stdout = server.stdout;
    await until(() => stdout().includes('\n'), 'the server');
    const address = engineAddressSchema.parse(JSON.parse(stdout().split('\n')[0] ?? ''));
    const child = spawn('sleep', ['60'], { env: { PATH: '/usr/bin:/bin', ...variables }, stdio: 'ignore' });
    try {
      const started = (await call(address, 'runs', { name: 'named', pid: child.pid })) as { id: string };
      let read = null;
      for (let tries = 0; tries < 40 && Object.keys(read ?? {}).length === 0; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        read = runReportSchema.parse(await call(address, `runs/${started.id}`)).environment?.variables ?? null;
      }
      expect(read).toEqual(kept);
    } finally {
      child.kill();
    }
  });

  it.skipIf(!isLinux)('is not read of another user’s process, nor of one that is gone', async () => {
    const child = spawn('sleep', ['60'], { env: { PATH: '/usr/bin:/bin', ...variables }, stdio: 'ignore' });
    const pid = child.pid ?? 0;
    await until(() => readIfThere(`/proc/${pid}/cmdline`).includes('sleep'), 'the process');
    expect((await readProcessProgram('/proc', pid))?.variables).toEqual(kept);
    expect(await readProcessProgram('/proc', pid, 4_000_000)).toBeNull();
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(await readProcessProgram('/proc', pid)).toBeNull();
  });
});

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

async function call(address: EngineAddress, path: string, body?: object): Promise<unknown> {
  const response = await fetch(new URL(`/api/v1/${path}`, address.url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${address.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
