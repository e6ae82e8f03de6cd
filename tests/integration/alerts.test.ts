import { afterAll, describe, expect, it } from 'vitest';
import { connectWebSocket } from '../../engine/http/web-socket-transport.ts';
import { engineAddressSchema } from '../../engine/ownership/ownership.ts';
import { connectContract } from '../../shared/contract/client.ts';
import { engineContract } from '../../shared/contract/engine-contract.ts';
import { runCli, showLast, startCli, temporaryHome, until } from './cli.ts';

const { home, remove } = temporaryHome();
afterAll(remove);
const env = { WATTRUN_HOME: home };

describe('an alert on real readings', () => {
  it('fires once, and clears once when the limit is raised', async () => {
    const server = startCli(['serve', '--json'], env);
    await until(() => server.stdout().includes('\n'), 'the server');
    const client = connectContract(
      engineContract,
      await connectWebSocket(engineAddressSchema.parse(JSON.parse(server.stdout()))),
    );
    const fired: string[] = [];
    const cleared: string[] = [];
    client.on('alerts.fired', (entry) => fired.push(entry.id));
    client.on('alerts.cleared', (entry) => cleared.push(entry.id));

    // Any machine draws more than 1 W.
    const added = await runCli(['alerts', 'add', '--power', '1', '--for', '2', '--clear-after', '0', '--json'], env);
    expect(added.code).toBe(0);
    const rule = JSON.parse(added.stdout) as { id: string };
    await until(() => fired.length > 0, 'the alert');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(fired).toHaveLength(1);
    expect(cleared).toEqual([]);

    const { rules } = await client.request('alerts.list', {});
    const { kind, scope, level } = rules[0] ?? {
      kind: '',
      scope: { kind: 'machine' as const },
      level: 'note' as const,
    };
    await client.request('alerts.put', {
      id: rule.id,
      kind,
      scope,
      level,
      params: { limitWatts: 900_000, holdSeconds: 2, clearSeconds: 0 },
      isEnabled: true,
    });
    await until(() => cleared.length > 0, 'the clearing');
    expect(cleared).toEqual(fired);

    const log = await runCli(['alerts', 'log', '--json'], env);
    const entries = (
      JSON.parse(log.stdout) as { entries: { clearedAtMs: number | null; valueWatts: number; limitWatts: number }[] }
    ).entries;
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ limitWatts: 1 });
    expect(entries[0]?.clearedAtMs).not.toBeNull();
    expect(entries[0]?.valueWatts).toBeGreaterThan(1);
    client.close();
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });
});

it('a run that an alert stopped says which', async () => {
  const server = startCli(['serve', '--json'], env);
  await until(() => server.stdout().includes('\n'), 'the server');
  const run = startCli(['run', '--name', 'sleeper', '--', 'sleep', '60'], env);
  const listed = async () => (await runCli(['runs'], env)).stdout;
  await expect.poll(listed, { timeout: 20_000 }).toContain('running  sleeper');
  const rule = ['--power', '1', '--for', '0', '--name', 'Too much', '--on-run', 'stop', '--without-asking'];
  await runCli(['alerts', 'add', ...rule], env);
  const { code, stderr } = await run.ended;
  expect(code).toBe(143);
  expect(stderr).toContain('sleeper stopped by alert “Too much” · ');
  expect(await listed()).toContain('stopped by alert “Too much”  sleeper');
  const { run: told } = await showLast(env);
  expect(told).toMatchObject({ status: 'stopped', stoppedBy: { rule: 'Too much' } });
  server.child.kill('SIGTERM');
  await server.ended;
});

it('presets are made of all that is read, whether an engine lives or one looks for the question alone', async () => {
  const alone = temporaryHome();
  const reasonOf = async (home: string): Promise<string | undefined> => {
    const { stdout } = await runCli(['alerts', 'presets', '--json'], { WATTRUN_HOME: home });
    const { presets } = JSON.parse(stdout) as { presets: { id: string; reason: string }[] };
    return presets.find(({ id }) => id === 'gone-blind')?.reason;
  };
  const server = startCli(['serve', '--json'], env);
  await until(() => server.stdout().includes('\n'), 'the server');
  // Long enough for looks of its own.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const living = await reasonOf(home);
  expect(living).toMatch(/^\d+ parts? (is|are) read here\.$/);
  expect(await reasonOf(alone.home)).toBe(living);
  server.child.kill('SIGTERM');
  await server.ended;
  alone.remove();
});
