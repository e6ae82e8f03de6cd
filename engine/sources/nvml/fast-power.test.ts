import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../clock/fake-clock.ts';
import { createFastPower } from './fast-power.ts';

const options = { sensorWindowSeconds: 0.025, spacingMs: 100 };

describe('createFastPower', () => {
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('samples at jittered moments and ends its span with the newest sample', async () => {
    const clock = createFakeClock(0, 0);
    const draws = [0, 1];
    const power = createFastPower({
      clock,
      ...options,
      readWatts: async () => 300,
      random: () => draws.shift() ?? 0.5,
    });
    power.setWanted(true);
    expect(power.take({ atMs: 0, watts: 100 })).toBeNull();
    // The first wait is 100 ms − 40 %, the second 100 ms + 40 %.
    clock.advance(60);
    await settle();
    clock.advance(140);
    await settle();
    // 0 ms 100 W, 60 ms 300 W, 200 ms 300 W, 250 ms 100 W: 12 + 42 + 10 J in 0.25 s are 256 W.
    clock.advance(50);
    expect(power.take({ atMs: 250, watts: 100 })?.watts).toBeCloseTo(256, 9);
    power.close();
  });

  it('asks nothing when it is not wanted, and leaves nothing running', async () => {
    const clock = createFakeClock(0, 0);
    let calls = 0;
    const readWatts = async (): Promise<number> => ++calls;
    const power = createFastPower({ clock, ...options, readWatts });
    clock.advance(1000);
    await settle();
    expect(power.take({ atMs: 1000, watts: 1 })).toBeNull();
    power.setWanted(true);
    power.close();
    clock.advance(1000);
    await settle();
    expect(calls).toBe(0);
  });
});
