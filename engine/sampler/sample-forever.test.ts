import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../clock/fake-clock.ts';
import { type Chore, sampleForever } from './sample-forever.ts';

let clock: FakeClock;
let stop: AbortController;
let periodSeconds: number;
/** Monotonic, in milliseconds since the start. */
let ticks: number[];
let loop: Promise<void>;
/** How long a tick takes; those that hang take as long as they are let. */
let tickMs: number;
let isHung: boolean;
let limits: (Promise<void> | undefined)[];
/** Looks between ticks. */
let looks: number[];

beforeEach(() => {
  clock = createFakeClock(1_700_000_000_000, 0);
  stop = new AbortController();
  [periodSeconds, tickMs, isHung] = [1, 0, false];
  [ticks, limits, looks] = [[], [], []];
});
afterEach(async () => {
  stop.abort();
  await loop;
});

function start(chores: readonly Chore[] = []): void {
  loop = sampleForever({
    clock,
    signal: stop.signal,
    periodSeconds: () => periodSeconds,
    async tick(until) {
      ticks.push(clock.monotonicMs());
      limits.push(until);
      if (isHung) await (until ?? clock.sleep(700, stop.signal));
      else if (tickMs > 0) await clock.sleep(tickMs, stop.signal);
    },
    chores,
    between: () => looks.push(clock.monotonicMs()),
  });
}

/** Time goes on, in steps of 10 ms. */
async function run(ms: number): Promise<void> {
  await turn();
  for (let past = 0; past < ms; past += 10) {
    clock.advance(10);
    for (let i = 0; i < 3; i++) await turn();
  }
}

describe('sampleForever', () => {
  it('ticks once a period without drift, however long a tick takes', async () => {
    tickMs = 130;
    start();
    await run(3050);
    expect(ticks).toEqual([0, 1000, 2000, 3000]);
  });

  it('ends a tick in which something hangs when the next is due', async () => {
    isHung = true;
    start();
    await run(3050);
    expect(ticks).toEqual([0, 1000, 2000, 3000]);
  });

  it('makes up for a tick that took longer than its period, and does not run after what it missed', async () => {
    tickMs = 1500;
    start();
    await run(1400);
    tickMs = 0;
    await run(1600);
    expect(ticks).toEqual([0, 1500, 2000, 3000]);
    // Ten seconds in which nothing ran at all: it comes back into step within two ticks.
    clock.advance(10_000);
    await run(1000);
    expect(ticks.slice(4)).toEqual([13_000, 13_010, 13_020, 14_000]);
  });

  it('leaves it to a tick how long it waits where the period is long', async () => {
    [periodSeconds, isHung] = [5, true];
    start();
    await run(5100);
    expect(limits).toEqual([undefined, undefined]);
    expect(ticks).toEqual([0, 5000]);
  });

  it('looks in between where ticks are far apart, and nowhere else', async () => {
    start();
    await run(3050);
    expect(looks).toEqual([]);
    periodSeconds = 5;
    await run(6000);
    expect([ticks, looks]).toEqual([
      [0, 1000, 2000, 3000, 4000, 9000],
      [5000, 6000, 7000, 8000],
    ]);
  });

  it('takes a new period from the next tick on', async () => {
    start();
    await run(1050);
    periodSeconds = 0.5;
    await run(1500);
    expect(ticks).toEqual([0, 1000, 2000, 2500]);
  });

  it('does its chores after the ticks at which they are due', async () => {
    const done: string[] = [];
    const chore = (name: string, everyMs: number, isDueAtOnce?: boolean): Chore => ({
      everyMs,
      ...(isDueAtOnce === undefined ? {} : { isDueAtOnce }),
      work: () => done.push(`${name} ${clock.monotonicMs()}`),
    });
    start([chore('first', 3000, true), chore('second', 2000)]);
    await run(6100);
    expect(done).toEqual(['first 0', 'second 2000', 'first 3000', 'second 4000', 'first 6000', 'second 6000']);
  });

  it('ends at once when it is told to, in a tick or between two', async () => {
    isHung = true;
    start();
    await run(100);
    stop.abort();
    await loop;
    expect(ticks).toEqual([0]);
  });
});
