import { afterEach, describe, expect, it } from 'vitest';
import { connectContract } from '../../shared/contract/client.ts';
import { engineContract } from '../../shared/contract/engine-contract.ts';
import { createMemoryTransports } from '../../shared/contract/memory-transport.ts';
import type { Transport } from '../../shared/contract/transport.ts';
import type { WireMessage } from '../../shared/contract/wire.ts';
import { createEngineLink, type EngineLink, type EngineWorker } from './engine-link.ts';
import type { FromWorker } from './worker-messages.ts';

const description = {
  version: '1.2.3',
  pid: 7,
  hostName: 'hgx-07',
  machine: 'Linux',
  hardware: 'CPU',
  dataDirectory: '/data',
  startedAtMs: 0,
  isSimulated: false,
  canDemo: true,
};

/** A thread as the link sees it; the test plays the engine in it. */
function createFakeWorker() {
  const ports: Transport[] = [];
  const requests: WireMessage[] = [];
  const sent: string[] = [];
  let tell = (_message: unknown): void => {};
  let exit = (_why: string): void => {};
  let answers = true;
  const worker: EngineWorker = {
    openPort() {
      const [near, far] = createMemoryTransports();
      far.onMessage((raw) => {
        const message = raw as WireMessage & { readonly kind: 'request' };
        requests.push(message);
        if (answers)
          far.send({ kind: 'result', contract: 'engine', id: message.id, result: description } satisfies WireMessage);
      });
      ports.push(far);
      return near;
    },
    send: ({ kind }) => void sent.push(kind),
    onMessage: (listener) => {
      tell = listener;
    },
    onExit: (listener) => {
      exit = listener;
    },
    terminate: () => exit('it was ended'),
  };
  return {
    worker,
    ports,
    requests,
    sent,
    tell: (message: FromWorker) => tell(message),
    crash: (why: string) => exit(why),
    beSilent: () => {
      answers = false;
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
let link: EngineLink | null = null;

function createLink() {
  const workers: ReturnType<typeof createFakeWorker>[] = [];
  const log: string[] = [];
  const created = createEngineLink({
    startWorker() {
      const fake = createFakeWorker();
      workers.push(fake);
      return fake.worker;
    },
    log: (message) => void log.push(message),
    restartDelaysMs: [1],
    replugDelayMs: 1,
    closeLimitMs: 20,
  });
  link = created;
  return { link: created, workers, log };
}

function listen(transport: Transport) {
  const client = connectContract(engineContract, transport);
  const changes: string[] = [];
  client.on('engine.changed', ({ hostName }) => void changes.push(hostName));
  return { client, changes };
}

afterEach(async () => {
  await link?.close();
  link = null;
});

describe('the link to the engine', () => {
  it('keeps what is asked before an engine answers, and asks it then', async () => {
    const { link, workers } = createLink();
    const { client, changes } = listen(link.open());
    const asked = client.request('engine.describe', {});
    await settled();
    expect(workers[0]!.requests).toEqual([]);
    workers[0]!.tell({ kind: 'connected', role: 'owner' });
    expect(await asked).toMatchObject({ hostName: 'hgx-07' });
    expect(changes).toEqual([]);
  });

  it('answers with the reason while there is no engine', async () => {
    const { link, workers } = createLink();
    const { client } = listen(link.open());
    workers[0]!.tell({ kind: 'lost', problem: { code: 'store/newer', message: 'The record is of a newer Wattrun.' } });
    await expect(client.request('live.read', {})).rejects.toMatchObject({ code: 'store/newer' });
    await expect(listen(link.open()).client.request('live.read', {})).rejects.toMatchObject({ code: 'store/newer' });
  });

  it('fails what was under way when the engine goes, and tells every session when it is back', async () => {
    const { link, workers } = createLink();
    const connections: boolean[] = [];
    link.onConnected((isConnected) => void connections.push(isConnected));
    const sessions = [listen(link.open()), listen(link.open())];
    workers[0]!.tell({ kind: 'connected', role: 'guest' });
    await settled();
    workers[0]!.beSilent();
    const asked = sessions[0]!.client.request('live.read', {});
    await settled();
    workers[0]!.tell({ kind: 'lost', problem: null });
    await expect(asked).rejects.toMatchObject({ code: 'engine/unreachable' });
    expect(link.isConnected()).toBe(false);
    workers[0]!.tell({ kind: 'connected', role: 'owner' });
    await settled();
    workers[0]!.tell({ kind: 'connected', role: 'owner' });
    expect(connections).toEqual([true, false, true]);
  });

  it('says engine.changed with the new description after a loss, and not before', async () => {
    const { link, workers } = createLink();
    const { changes } = listen(link.open());
    workers[0]!.tell({ kind: 'connected', role: 'owner' });
    await settled();
    expect(changes).toEqual([]);
    workers[0]!.tell({ kind: 'lost', problem: null });
    workers[0]!.tell({ kind: 'connected', role: 'owner' });
    await settled();
    expect(changes).toEqual(['hgx-07']);
  });

  it('starts a crashed thread again and carries the sessions over', async () => {
    const { link, workers, log } = createLink();
    const { client, changes } = listen(link.open());
    workers[0]!.tell({ kind: 'connected', role: 'owner' });
    await settled();
    workers[0]!.crash('out of memory');
    await expect(client.request('live.read', {})).rejects.toMatchObject({ code: 'engine/unreachable' });
    await settled();
    expect(workers).toHaveLength(2);
    workers[1]!.tell({ kind: 'connected', role: 'owner' });
    expect(await client.request('engine.describe', {})).toMatchObject({ pid: 7 });
    expect(changes).toEqual(['hgx-07']);
    expect(log.join('\n')).toContain('out of memory');
  });

  it('opens a session anew when only that one broke', async () => {
    const { link, workers } = createLink();
    const { client, changes } = listen(link.open());
    workers[0]!.tell({ kind: 'connected', role: 'guest' });
    await settled();
    workers[0]!.ports[0]!.close();
    await settled();
    expect(workers[0]!.ports).toHaveLength(2);
    expect(changes).toEqual(['hgx-07']);
    expect(await client.request('engine.describe', {})).toMatchObject({ pid: 7 });
  });

  it('ends the thread in order, and by force when it does not end', async () => {
    const { link, workers } = createLink();
    const closed = link.close();
    expect(workers[0]!.sent).toEqual(['close']);
    await closed;
    expect(workers).toHaveLength(1);
  });

  it('gives the port back when a session is closed', async () => {
    const { link, workers } = createLink();
    const transport = link.open();
    workers[0]!.tell({ kind: 'connected', role: 'owner' });
    let isClosed = false;
    workers[0]!.ports[0]!.onClose(() => {
      isClosed = true;
    });
    transport.close();
    await settled();
    expect(isClosed).toBe(true);
    workers[0]!.tell({ kind: 'connected', role: 'owner' });
    expect(workers[0]!.ports).toHaveLength(1);
  });
});
