import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { messagePortTransport } from './message-port-transport.ts';

function transports() {
  const { port1, port2 } = new MessageChannel();
  return [messagePortTransport(port1), messagePortTransport(port2)] as const;
}

describe('a transport over a message port', () => {
  it('carries messages in order, both ways', async () => {
    const [near, far] = transports();
    const heard: unknown[] = [];
    far.onMessage((message) => {
      heard.push(message);
      far.send({ echo: message });
    });
    const echoes = new Promise<unknown[]>((resolve) => {
      const got: unknown[] = [];
      near.onMessage((message) => {
        if (got.push(message) === 2) resolve(got);
      });
    });
    near.send({ id: 1 });
    near.send({ id: 2 });
    expect(await echoes).toEqual([{ echo: { id: 1 } }, { echo: { id: 2 } }]);
    expect(heard).toEqual([{ id: 1 }, { id: 2 }]);
    near.close();
  });

  it('tells both ends that it closed, once, and is silent afterwards', async () => {
    const [near, far] = transports();
    const closings: string[] = [];
    near.onClose(() => closings.push('near'));
    const farClosed = new Promise<void>((resolve) =>
      far.onClose(() => {
        closings.push('far');
        resolve();
      }),
    );
    near.close();
    near.close();
    await farClosed;
    await new Promise((resolve) => setImmediate(resolve));
    expect(closings.toSorted()).toEqual(['far', 'near']);
    expect(() => far.send({ id: 3 })).not.toThrow();
  });

  it('stops listening where asked to', async () => {
    const [near, far] = transports();
    const heard: unknown[] = [];
    const stop = far.onMessage((message) => heard.push(message));
    stop();
    const reached = new Promise<void>((resolve) => far.onMessage(() => resolve()));
    near.send('x');
    await reached;
    expect(heard).toEqual([]);
    near.close();
  });
});
