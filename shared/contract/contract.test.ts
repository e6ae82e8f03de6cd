import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connectContract } from './client.ts';
import type { Contract, Handlers } from './contract.ts';
import { errorFromWire, WattrunError, wireErrorFrom } from './errors.ts';
import { createMemoryTransports } from './memory-transport.ts';
import { serveContract } from './server.ts';

const contract = {
  name: 'test',
  requests: {
    'sum.add': {
      payload: z.object({ a: z.number(), b: z.number().default(10) }),
      result: z.object({ sum: z.number() }),
    },
    'run.find': { payload: z.object({ id: z.string() }), result: z.object({}) },
    'never.answer': { payload: z.object({}), result: z.object({}) },
  },
  events: { 'sum.changed': z.object({ sum: z.number() }) },
} as const satisfies Contract;

const handlers: Handlers<typeof contract> = {
  'sum.add': ({ a, b }) => ({ sum: a + b }),
  'run.find': ({ id }) => {
    throw new WattrunError('runs/not-found', `There is no run ${id}.`, 'List them with: wattrun runs');
  },
  'never.answer': () => new Promise(() => {}),
};

/** A client and a server over one pipe in memory; `bugs` holds what the server was told of. */
function connect(with_: Partial<Handlers<typeof contract>> = {}) {
  const [clientEnd, serverEnd] = createMemoryTransports();
  const bugs: { readonly error: unknown; readonly name: string }[] = [];
  const session = serveContract({
    contract,
    handlers: { ...handlers, ...with_ },
    transport: serverEnd,
    onBug: (error, name) => bugs.push({ error, name }),
  });
  return { client: connectContract(contract, clientEnd), session, bugs, clientEnd, serverEnd };
}

describe('a request', () => {
  it('goes there and back', async () => {
    const { client } = connect();
    expect(await client.request('sum.add', { a: 1, b: 2 })).toEqual({ sum: 3 });
  });

  it('reaches the handler parsed, defaults filled in and strangers left out', async () => {
    const seen: unknown[] = [];
    const { client } = connect({
      'sum.add': (payload) => {
        seen.push(payload);
        return { sum: 0 };
      },
    });
    await client.request('sum.add', { a: 1, more: 'x' } as { a: number });
    expect(seen).toEqual([{ a: 1, b: 10 }]);
  });

  it('is matched with its own answer, whatever order they come in', async () => {
    let answerFirst = (_: { sum: number }): void => {};
    const { client } = connect({
      'sum.add': ({ a, b }) =>
        a === 1
          ? new Promise((resolve) => {
              answerFirst = resolve;
            })
          : { sum: a + b },
    });
    const first = client.request('sum.add', { a: 1, b: 1 });
    expect(await client.request('sum.add', { a: 2, b: 2 })).toEqual({ sum: 4 });
    answerFirst({ sum: 2 });
    expect(await first).toEqual({ sum: 2 });
  });

  it('with a wrong payload never reaches the handler, and says where it is wrong', async () => {
    let calls = 0;
    const { client, bugs } = connect({
      'sum.add': () => {
        calls++;
        return { sum: 0 };
      },
    });
    await expect(client.request('sum.add', { a: 'one' } as never)).rejects.toMatchObject({
      code: 'contract/invalid',
      message: expect.stringMatching(/^sum\.add: a: /),
    });
    expect(calls).toBe(0);
    expect(bugs).toEqual([]);
  });

  it.each(['no.such', 'toString', '__proto__'])('with the unknown name %s is refused', async (name) => {
    const { client } = connect();
    await expect(client.request(name as 'sum.add', { a: 1 })).rejects.toMatchObject({ code: 'contract/unknown' });
  });

  it('brings an operational error with its code, words and hint', async () => {
    const { client, bugs } = connect();
    const error: unknown = await client.request('run.find', { id: 'abc' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WattrunError);
    expect(error).toMatchObject({
      code: 'runs/not-found',
      message: 'There is no run abc.',
      hint: 'List them with: wattrun runs',
    });
    expect(bugs).toEqual([]);
  });

  it('brings a bug without its words, which go to the log', async () => {
    const bug = new TypeError('cannot read /home/someone/secret');
    const { client, bugs } = connect({
      'sum.add': () => {
        throw bug;
      },
    });
    const error: unknown = await client.request('sum.add', { a: 1 }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'internal' });
    expect(String(error)).not.toContain('secret');
    expect(bugs).toEqual([{ error: bug, name: 'sum.add' }]);
  });

  it('whose handler gives another shape than agreed is a bug', async () => {
    const { client, bugs } = connect({ 'sum.add': () => ({ sum: 'three' }) as never });
    await expect(client.request('sum.add', { a: 1 })).rejects.toMatchObject({ code: 'internal' });
    expect(bugs.map((bug) => bug.name)).toEqual(['sum.add']);
  });

  it('is refused by the client when the answer on the wire has another shape', async () => {
    const [clientEnd, serverEnd] = createMemoryTransports();
    serverEnd.onMessage((raw) => {
      const { id } = raw as { id: number };
      serverEnd.send({ kind: 'result', contract: 'test', id, result: { sum: 'three' } });
    });
    await expect(connectContract(contract, clientEnd).request('sum.add', { a: 1 })).rejects.toMatchObject({
      code: 'contract/invalid',
    });
  });

  it('without an answer fails in its time', async () => {
    const { client } = connect();
    await expect(client.request('never.answer', {}, { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'contract/timeout',
    });
  });

  it('that waits is rejected when either end closes, and so is every later one', async () => {
    for (const end of ['clientEnd', 'serverEnd'] as const) {
      const parts = connect();
      const waiting = parts.client.request('never.answer', {});
      parts[end].close();
      await expect(waiting).rejects.toMatchObject({ code: 'contract/closed' });
      await expect(parts.client.request('sum.add', { a: 1 })).rejects.toMatchObject({ code: 'contract/closed' });
    }
    const { client } = connect();
    const waiting = client.request('never.answer', {});
    client.close();
    await expect(waiting).rejects.toMatchObject({ code: 'contract/closed' });
  });
});

// Messages keep their order: once a request is answered, every event before it has arrived.
describe('an event', () => {
  it('reaches every listener until it unsubscribes', async () => {
    const { client, session } = connect();
    const seen: number[] = [];
    const stop = client.on('sum.changed', ({ sum }) => seen.push(sum));
    client.on('sum.changed', ({ sum }) => seen.push(-sum));
    session.emit('sum.changed', { sum: 3 });
    await client.request('sum.add', { a: 0 });
    stop();
    session.emit('sum.changed', { sum: 4 });
    await client.request('sum.add', { a: 0 });
    expect(seen).toEqual([3, -3, -4]);
  });

  it('of another shape, name or contract is dropped', async () => {
    const { client, serverEnd } = connect();
    const seen: unknown[] = [];
    client.on('sum.changed', (payload) => seen.push(payload));
    const send = (message: object): void => serverEnd.send({ kind: 'event', contract: 'test', ...message });
    send({ name: 'sum.changed', payload: { sum: 'x' } });
    send({ name: 'no.such', payload: { sum: 1 } });
    send({ name: 'sum.changed', payload: { sum: 2 }, contract: 'other' });
    serverEnd.send('not even an object');
    send({ name: 'sum.changed', payload: { sum: 5, more: true } });
    await client.request('sum.add', { a: 0 });
    expect(seen).toEqual([{ sum: 5 }]);
  });
});

describe('two contracts', () => {
  it('share one pipe without hearing each other', async () => {
    const [clientEnd, serverEnd] = createMemoryTransports();
    const other = { ...contract, name: 'other' } as const;
    const serve = (served: typeof contract | typeof other, offset: number): void => {
      serveContract({
        contract: served,
        handlers: { ...handlers, 'sum.add': ({ a, b }: { a: number; b: number }) => ({ sum: a + b + offset }) },
        transport: serverEnd,
        onBug: () => {},
      });
    };
    serve(contract, 0);
    serve(other, 100);
    const [one, two] = [connectContract(contract, clientEnd), connectContract(other, clientEnd)];
    expect(await Promise.all([one.request('sum.add', { a: 1, b: 1 }), two.request('sum.add', { a: 1, b: 1 })])).toEqual(
      [{ sum: 2 }, { sum: 102 }],
    );
  });
});

describe('an error on the wire', () => {
  it('keeps code, words and hint on the way there and back', () => {
    const error = new WattrunError('store/full', 'The disk is full.', 'Free some space.');
    expect(errorFromWire(wireErrorFrom(error))).toEqual(error);
    expect(wireErrorFrom(new WattrunError('store/full', 'The disk is full.'))).toEqual({
      code: 'store/full',
      message: 'The disk is full.',
    });
  });

  it('with a code from a later version is taken for internal', () =>
    expect(errorFromWire({ code: 'later/one', message: 'x' }).code).toBe('internal'));
});
