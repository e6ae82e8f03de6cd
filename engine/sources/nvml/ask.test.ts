import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../clock/fake-clock.ts';
import { createAsker, createTurn } from './ask.ts';
import type { Getter } from './nvml-api.ts';

/** A function of a driver that takes `tookMs` and says how it was called. */
function createWorld() {
  const clock = createFakeClock(0, 0);
  const how: string[] = [];
  const getterOf = (name: string, tookMs: number): Getter<[], number> => ({
    isPresent: true,
    now() {
      how.push(`${name} at once`);
      clock.advance(tookMs);
      return { kind: 'value', value: 1 };
    },
    async later() {
      how.push(`${name} on a pool thread`);
      clock.advance(tookMs);
      return { kind: 'value', value: 1 };
    },
  });
  const turn = createTurn();
  return { clock, how, getterOf, turn, asker: createAsker(clock, turn) };
}

describe('createAsker', () => {
  it('sends a canary first, and asks at once while the answer is fresh', async () => {
    const { clock, how, getterOf, asker } = createWorld();
    const [power, energy] = [getterOf('power', 1), getterOf('energy', 1)];
    for (const getter of [power, energy]) await asker.ask(getter);
    how.length = 0;
    clock.advance(1000);
    for (const getter of [energy, power, energy]) await asker.ask(getter);
    expect(how).toEqual(['energy on a pool thread', 'power at once', 'energy at once']);
  });

  it('never asks a slow function on this thread', async () => {
    const { how, getterOf, asker } = createWorld();
    const [quick, slow] = [getterOf('quick', 1), getterOf('slow', 3)];
    for (const getter of [quick, slow, quick, slow]) await asker.ask(getter);
    expect(how.slice(2)).toEqual(['quick at once', 'slow on a pool thread']);
  });

  it('lets others have the thread after 4 ms of calls', async () => {
    const { getterOf, asker, turn } = createWorld();
    const quick = getterOf('quick', 1.5);
    await asker.ask(quick);
    let hadTurn = false;
    setImmediate(() => {
      hadTurn = true;
    });
    for (let i = 0; i < 3; i++) await asker.ask(quick);
    expect([turn.spentMs, hadTurn]).toEqual([4.5, false]);
    await asker.ask(quick);
    expect([turn.spentMs, hadTurn]).toEqual([1.5, true]);
  });

  it('tells how long a call that hung has held this thread, whichever device it was for', async () => {
    const { clock, getterOf, asker, turn } = createWorld();
    let tookMs = 1;
    const quick = { ...getterOf('quick', 0) };
    quick.now = () => {
      clock.advance(tookMs);
      return { kind: 'value', value: 1 };
    };
    for (let i = 0; i < 2; i++) await asker.ask(quick);
    expect(turn.held).toBeNull();
    tookMs = 3000;
    await asker.ask(quick);
    expect(turn.held).toEqual({ forMs: 3000, untilMs: clock.monotonicMs() });
  });

  it('notes the middle of the call as its time', async () => {
    const { getterOf, asker } = createWorld();
    expect((await asker.askTimed(getterOf('power', 2))).atMs).toBe(1);
  });

  it('notes the end of a call that waited for a driver that hung: its middle says nothing', async () => {
    const { getterOf, asker } = createWorld();
    expect((await asker.askTimed(getterOf('power', 3000))).atMs).toBe(3000);
  });
});
