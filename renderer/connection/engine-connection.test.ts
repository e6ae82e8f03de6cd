import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Handlers } from '../../shared/contract/contract.ts';
import { type EngineContract, type EngineDescription, engineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import { createMemoryTransports } from '../../shared/contract/memory-transport.ts';
import { type Session, serveContract } from '../../shared/contract/server.ts';
import type { Transport } from '../../shared/contract/transport.ts';
import { defaultSettings } from '../../shared/model/settings.ts';
import { liveStateAt } from '../dev/fake-live.ts';
import { connectEngine } from './engine-connection.ts';

const scene = { startMs: 1_000_000 };
const live = liveStateAt(scene, scene.startMs, { scenario: 'training' });
const description: EngineDescription = {
  version: '0.1.0',
  pid: 1,
  hostName: 'here',
  machine: 'a machine',
  hardware: 'a GPU',
  dataDirectory: '/data',
  startedAtMs: 0,
  isSimulated: false,
  canDemo: true,
};

function fakeServer(answers: { description: EngineDescription }) {
  const ends: { transport: Transport; session: Session<EngineContract> }[] = [];
  const open = async (): Promise<Transport> => {
    const [ours, theirs] = createMemoryTransports();
    const handlers = {
      'engine.describe': () => answers.description,
      'live.read': () => live,
      'settings.read': () => defaultSettings,
    } as unknown as Handlers<EngineContract>;
    const session = serveContract({ contract: engineContract, handlers, transport: theirs, onBug: () => undefined });
    ends.push({ transport: ours, session });
    return ours;
  };
  return { ends, open };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('connectEngine', () => {
  it('reads everything, then follows events', async () => {
    const server = fakeServer({ description });
    const connection = connectEngine({ open: server.open, host: null });
    await vi.advanceTimersByTimeAsync(10);
    expect(connection.store.getState()).toMatchObject({
      connection: { status: 'connected' },
      description: { hostName: 'here' },
      epoch: 1,
    });
    server.ends[0]?.session.emit('live.changed', { ...live, atMs: scene.startMs + 1000 });
    await vi.advanceTimersByTimeAsync(1);
    expect(connection.store.getState().live?.atMs).toBe(scene.startMs + 1000);
    connection.close();
  });

  it('reads everything anew when another engine takes over', async () => {
    const answers = { description };
    const server = fakeServer(answers);
    const connection = connectEngine({ open: server.open, host: null });
    await vi.advanceTimersByTimeAsync(10);
    answers.description = { ...description, isSimulated: true };
    server.ends[0]?.session.emit('engine.changed', answers.description);
    await vi.advanceTimersByTimeAsync(10);
    expect(connection.store.getState()).toMatchObject({ description: { isSimulated: true }, epoch: 2 });
    connection.close();
  });

  it('tries again after 1, 2, 4 and then every 8 s, and keeps since when it is lost', async () => {
    const times: number[] = [];
    const connection = connectEngine({
      host: null,
      open: () => {
        times.push(Date.now());
        return Promise.reject(new Error('nobody there'));
      },
    });
    await vi.advanceTimersByTimeAsync(24_000);
    const start = times[0] ?? 0;
    // 0, +1, +2, +4, +8, +8 s.
    expect(times.map((at) => at - start)).toEqual([0, 1000, 3000, 7000, 15_000, 23_000]);
    expect(connection.store.getState().connection).toMatchObject({ status: 'lost', sinceMs: start });
    connection.close();
  });

  it('says that the engine there does not know this page, and goes on trying', async () => {
    const server = fakeServer({ description });
    let isKnown = false;
    const refused = new WattrunError('host/refused', 'The token is another.');
    const connection = connectEngine({ open: () => (isKnown ? server.open() : Promise.reject(refused)), host: null });
    await vi.advanceTimersByTimeAsync(10);
    expect(connection.store.getState().connection).toMatchObject({ status: 'lost', isRefused: true });
    isKnown = true;
    await vi.advanceTimersByTimeAsync(1000);
    expect(connection.store.getState().connection).toMatchObject({ status: 'connected', isRefused: false });
    connection.close();
  });

  it('comes back by itself after the transport closed', async () => {
    const server = fakeServer({ description });
    const connection = connectEngine({ open: server.open, host: null });
    await vi.advanceTimersByTimeAsync(10);
    server.ends[0]?.transport.close();
    expect(connection.store.getState().connection.status).toBe('lost');
    await vi.advanceTimersByTimeAsync(1010);
    expect(connection.store.getState()).toMatchObject({ connection: { status: 'connected' }, epoch: 2 });
    connection.close();
  });

  it('counts six seconds of silence as lost', async () => {
    const server = fakeServer({ description });
    const connection = connectEngine({ open: server.open, host: null });
    await vi.advanceTimersByTimeAsync(5000);
    expect(connection.store.getState().connection.status).toBe('connected');
    await vi.advanceTimersByTimeAsync(2100);
    expect(connection.store.getState().connection.status).toBe('lost');
    connection.close();
  });

  it('leaves nothing running', async () => {
    const server = fakeServer({ description });
    const connection = connectEngine({ open: server.open, host: null });
    await vi.advanceTimersByTimeAsync(10);
    connection.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
