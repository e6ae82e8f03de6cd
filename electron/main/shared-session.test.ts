import { expect, it } from 'vitest';
import { createMemoryTransports } from '../../shared/contract/memory-transport.ts';
import type { WireMessage } from '../../shared/contract/wire.ts';
import { shareSession } from './shared-session.ts';

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const request = (id: number, name: string): WireMessage => ({
  kind: 'request',
  contract: 'engine',
  id,
  name,
  payload: {},
});

it('gives each of two users of one session its own answers, and both the events', async () => {
  const [near, engine] = createMemoryTransports();
  const { page, own } = shareSession(near);
  const heard = { page: [] as unknown[], own: [] as unknown[] };
  page.onMessage((message) => heard.page.push(message));
  own.onMessage((message) => heard.own.push(message));
  engine.onMessage((raw) => {
    const message = raw as WireMessage & { readonly kind: 'request' };
    engine.send({ kind: 'result', contract: 'engine', id: message.id, result: message.name });
  });
  page.send(request(1, 'of the page'));
  own.send(request(1, 'of the shell'));
  engine.send({ kind: 'event', contract: 'engine', name: 'alerts.changed', payload: {} });
  await settled();
  const event = { kind: 'event', contract: 'engine', name: 'alerts.changed', payload: {} };
  expect(heard.page).toEqual([event, { kind: 'result', contract: 'engine', id: 1, result: 'of the page' }]);
  expect(heard.own).toEqual([event, { kind: 'result', contract: 'engine', id: 1, result: 'of the shell' }]);
});

it('lets no page speak under the other user’s ids, nor anything but requests', async () => {
  const [near, engine] = createMemoryTransports();
  const { page } = shareSession(near);
  const received: unknown[] = [];
  engine.onMessage((message) => received.push(message));
  page.send(request(-1, 'exports.open'));
  page.send(request(0, 'engine.describe'));
  page.send({ kind: 'event', contract: 'engine', name: 'alerts.fired', payload: {} });
  page.send('nothing');
  await settled();
  expect(received).toEqual([]);
});
