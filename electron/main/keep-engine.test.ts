import { describe, expect, it } from 'vitest';
import { WattrunError } from '../../shared/contract/errors.ts';
import { createMemoryTransports } from '../../shared/contract/memory-transport.ts';
import type { Transport } from '../../shared/contract/transport.ts';
import { type EngineBackend, keepEngine } from './keep-engine.ts';

function createBackend(role: EngineBackend['role']) {
  let end = (): void => {};
  const served: Transport[] = [];
  const state = { isClosed: false };
  const backend: EngineBackend = {
    role,
    serve: (transport) => void served.push(transport),
    ended: new Promise((resolve) => {
      end = resolve;
    }),
    async close() {
      state.isClosed = true;
    },
  };
  return { backend, served, state, end: () => end() };
}

type Opening = () => EngineBackend | null;

/** Plays the openings in order, then the last one for ever; every wait is over at once, its length added to the clock. */
function keep(openings: readonly Opening[]) {
  const events: string[] = [];
  const waits: number[] = [];
  let nowMs = 0;
  let turn = 0;
  let release = (): void => {};
  const keeper = keepEngine({
    async openBackend() {
      const opening = openings[Math.min(turn, openings.length - 1)]!;
      turn += 1;
      return opening();
    },
    onConnected: (role) => void events.push(role),
    onLost: (problem) => void events.push(problem?.code ?? 'lost'),
    onBug: (error) => void events.push(`bug: ${String(error)}`),
    async sleep(delayMs, signal) {
      waits.push(delayMs);
      nowMs += delayMs;
      if (waits.length < 12) return;
      await new Promise<void>((resolve) => {
        release = resolve;
        signal.addEventListener('abort', () => release());
      });
    },
    monotonicMs: () => nowMs,
  });
  return { keeper, events, waits };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('the engine at hand', () => {
  it('is taken over when its owner is gone', async () => {
    const guest = createBackend('guest');
    const owner = createBackend('owner');
    const { keeper, events } = keep([() => guest.backend, () => owner.backend]);
    await settled();
    const [near, far] = createMemoryTransports();
    keeper.serve(far);
    expect(guest.served).toEqual([far]);
    let isClosed = false;
    near.onClose(() => {
      isClosed = true;
    });
    guest.end();
    await settled();
    expect(isClosed).toBe(true);
    expect(events).toEqual(['guest', 'lost', 'owner']);
    expect(guest.state.isClosed).toBe(true);
    await keeper.close();
    expect(owner.state.isClosed).toBe(true);
  });

  it('waits for an owner that is only starting, without a word', async () => {
    const guest = createBackend('guest');
    const { keeper, events, waits } = keep([() => null, () => null, () => null, () => guest.backend]);
    await settled();
    expect(events).toEqual(['guest']);
    expect(waits).toEqual([100, 250, 500]);
    await keeper.close();
  });

  it('says once that nobody answers, and goes on trying', async () => {
    const { keeper, events, waits } = keep([() => null]);
    await settled();
    // 100 + 250 + 500 + 1000 + 2000 + 4000 ms are past its patience of 6 s.
    expect(events).toEqual(['lost']);
    expect(waits.at(-1)).toBe(4000);
    await keeper.close();
  });

  it('says what keeps it from opening, and a bug to the log only', async () => {
    const { keeper, events } = keep([
      () => {
        throw new WattrunError('store/unwritable', 'The data directory is read-only.');
      },
      () => {
        throw new TypeError('x is not a function');
      },
      () => createBackend('owner').backend,
    ]);
    await settled();
    expect(events).toEqual(['store/unwritable', 'bug: TypeError: x is not a function', 'internal', 'owner']);
    await keeper.close();
  });

  it('closes a session that comes when there is no engine', async () => {
    const { keeper } = keep([() => null]);
    const [near, far] = createMemoryTransports();
    let isClosed = false;
    near.onClose(() => {
      isClosed = true;
    });
    keeper.serve(far);
    expect(isClosed).toBe(true);
    await keeper.close();
  });
});
