import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isSigned } from '../../engine/alerts/deliveries/signature.ts';
import { connectWebSocket } from '../../engine/http/web-socket-transport.ts';
import { engineAddressSchema } from '../../engine/ownership/ownership.ts';
import { type Client, connectContract } from '../../shared/contract/client.ts';
import { type EngineContract, engineContract } from '../../shared/contract/engine-contract.ts';
import type { AlertLogEntry } from '../../shared/model/alert.ts';
import { createSmtpSink } from '../fakes/smtp-sink.ts';
import { createWebhookReceiver } from '../fakes/webhook-receiver.ts';
import { type Started, startCli, temporaryHome, until } from './cli.ts';

const { home, remove } = temporaryHome();
const env = { WATTRUN_HOME: home };
const servers: Started[] = [];
afterAll(() => {
  for (const { child } of servers) child.kill('SIGKILL');
  remove();
});

async function serve(): Promise<{ readonly server: Started; readonly client: Client<EngineContract> }> {
  const server = startCli(['serve', '--json'], env);
  servers.push(server);
  await until(() => server.stdout().includes('\n'), 'the server');
  const address = engineAddressSchema.parse(JSON.parse(server.stdout()));
  return { server, client: connectContract(engineContract, await connectWebSocket(address)) };
}

const idsOf = (bodies: readonly { readonly body: string }[]): readonly string[] =>
  bodies.map(({ body }) => (JSON.parse(body) as { readonly alert: { readonly id: string } }).alert.id);

describe('alerts to a receiver that fails, hangs, goes away, and an engine that is killed', () => {
  it('arrive at least once each, in their order, signed; by e-mail too', async () => {
    const receiver = await createWebhookReceiver();
    const sink = await createSmtpSink();
    let { server, client } = await serve();
    const hook = await client.request('destinations.put', {
      name: 'hook',
      config: { kind: 'webhook', template: 'generic' },
      secrets: { url: receiver.url, signingSecret: 'a-signing-secret' },
      isEnabled: true,
    });
    const mail = await client.request('destinations.put', {
      name: 'mail',
      config: {
        kind: 'email',
        host: '127.0.0.1',
        port: sink.port,
        security: 'none',
        user: null,
        from: 'wattrun@example.org',
        to: ['kai@example.org'],
      },
      isEnabled: true,
    });
    const rule = await client.request('alerts.put', {
      kind: 'sustained-power',
      scope: { kind: 'machine' },
      params: { limitWatts: 900_000 },
      level: 'warning',
      isEnabled: true,
      actions: {
        isNotifying: false,
        isSounding: false,
        isBadging: false,
        destinationIds: [hook.id, mail.id],
        runAction: 'none',
        isAsking: true,
      },
    });
    const fired: string[] = [];
    const fire = async (): Promise<AlertLogEntry> => {
      const entry = await client.request('alerts.test', { ruleId: rule.id });
      fired.push(entry.id);
      return entry;
    };

    await fire();
    await until(() => receiver.taken.length === 1 && sink.mails.length === 1, 'the first');
    receiver.mood = 'fail';
    sink.isRefusing = true;
    await fire();
    await fire();
    await until(() => receiver.refused.length >= 1, 'a refusal');
    receiver.mood = 'hang';
    await until(() => receiver.refused.length >= 2, 'a try that hangs');
    // Killed in the middle of a delivery that the other end has read and not answered.
    client.close();
    server.child.kill('SIGKILL');
    await server.ended;
    await receiver.stop();
    receiver.mood = 'answer';
    sink.isRefusing = false;
    ({ server, client } = await serve());
    await fire();
    await receiver.start();
    await until(() => new Set(idsOf(receiver.taken)).size === 4 && sink.mails.length >= 4, 'all four', 30_000);

    const first = [...new Set(idsOf(receiver.taken))];
    expect(first, 'in the order in which they fired').toEqual(fired);
    for (const { headers, body } of receiver.taken) {
      const message = JSON.parse(body) as { readonly deliveryId: string };
      expect(headers['idempotency-key']).toBe(message.deliveryId);
      expect(isSigned('a-signing-secret', String(headers['x-wattrun-signature']), { body, unixMs: Date.now() })).toBe(
        true,
      );
    }
    const mailed = sink.mails.map(({ data }) => /X-Wattrun-Delivery: (\S+)\./i.exec(data)?.[1]?.split('.')[0]);
    expect([...new Set(mailed)], 'mails in that order').toEqual(fired);

    const { entries } = await client.request('alerts.log', {});
    const second = entries.find((entry) => entry.id === fired[1]);
    expect(second?.deliveries.filter((one) => one.destinationId === hook.id)).toMatchObject([
      { to: 'hook', isDelivered: true, state: 'delivered' },
    ]);
    expect(second?.deliveries[0]?.attempts).toBeGreaterThan(1);
    expect(JSON.stringify(entries), 'no word of the receiver and no address is in the log').not.toMatch(
      /secret words|secret-path|a-signing-secret/,
    );
    const { destinations } = await client.request('destinations.list', {});
    expect(JSON.stringify(destinations)).not.toMatch(/secret-path|a-signing-secret/);
    expect(statSync(join(home, 'alert-secrets.json')).mode & 0o777).toBe(0o600);

    await client.request('destinations.remove', { destinationId: mail.id });
    receiver.mood = 'redirect';
    expect(await client.request('destinations.test', { destinationId: hook.id })).toMatchObject({ isDelivered: false });
    client.close();
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    await receiver.stop();
    await sink.close();
  });
});

describe('a command', () => {
  it('is not run before it is confirmed, and runs nothing that a run is named', async () => {
    const out = join(home, 'told.json');
    const trap = join(home, 'trap');
    const script = join(home, 'tell.mjs');
    writeFileSync(
      script,
      `import { writeFileSync } from 'node:fs';
       writeFileSync(${JSON.stringify(out)}, JSON.stringify({ argv: process.argv.slice(2), run: process.env.WATTRUN_ALERT_RUN, token: process.env.WATTRUN_TOKEN ?? null }));`,
    );
    const name = `--eval=x $(touch ${trap}) \`touch ${trap}\`; touch ${trap} | "'\n& touch ${trap}`;
    const { server, client } = await serve();
    const command = await client.request('destinations.put', {
      name: 'tell',
      config: { kind: 'command', argv: [process.execPath, script, '{run}', 'x{run}'], timeLimitSeconds: 20 },
      isEnabled: true,
    });
    expect(command.isConfirmed).toBe(false);
    expect(await client.request('destinations.test', { destinationId: command.id })).toMatchObject({
      isDelivered: false,
    });
    expect(existsSync(out)).toBe(false);
    await client.request('destinations.confirm', { destinationId: command.id });

    await client.request('alerts.put', {
      kind: 'run-ended',
      scope: { kind: 'any-run' },
      params: { outcome: 'any' },
      level: 'note',
      isEnabled: true,
      actions: {
        isNotifying: false,
        isSounding: false,
        isBadging: false,
        destinationIds: [command.id],
        runAction: 'none',
        isAsking: true,
      },
    });
    const run = await client.request('runs.start', { name, foundBy: 'manual' });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await client.request('runs.stop', { runId: run.id });
    await until(() => existsSync(out), 'the command');
    await new Promise((resolve) => setTimeout(resolve, 300));

    const told = JSON.parse(readFileSync(out, 'utf8')) as { argv: string[]; run: string; token: string | null };
    // One argument, whatever is in it, that no program takes for an option; a part of one is not filled in.
    expect(told.argv).toEqual([` ${run.name.replaceAll('\n', ' ')}`, 'x{run}']);
    expect(told.run).toBe(run.name);
    expect(told.token).toBeNull();
    expect(existsSync(trap)).toBe(false);
    const { entries } = await client.request('alerts.log', {});
    expect(entries.filter((entry) => entry.kind === 'run-ended')).toMatchObject([
      { outcome: 'stopped', runIds: [run.id], clearedAtMs: entries[0]?.firedAtMs },
    ]);
    const changed = await client.request('destinations.put', {
      id: command.id,
      name: 'tell',
      config: { kind: 'command', argv: [process.execPath, script], timeLimitSeconds: 20 },
      isEnabled: true,
    });
    expect(changed.isConfirmed, 'another command is confirmed anew').toBe(false);
    client.close();
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });
});
