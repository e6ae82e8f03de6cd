import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../clock/fake-clock.ts';
import { createFastPower, spacingToSee } from './fast-power.ts';

const options = { sensorWindowSeconds: 0.025, spacingMs: 100, updateMs: 100 };

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

  it('sees every renewal of a sensor, whatever its jitter', async () => {
    const clock = createFakeClock(0, 0);
    const seen = new Set<number>();
    // Renewed every 100 ms; waits by turns as long and as short as they get.
    const draws = [1, 0, 1, 1, 0.5, 1, 1];
    let drawn = 0;
    const power = createFastPower({
      ...options,
      clock,
      spacingMs: spacingToSee(100),
      readWatts: async () => {
        seen.add(Math.floor(clock.monotonicMs() / 100));
        return 300;
      },
      random: () => draws[drawn++ % draws.length] ?? 1,
    });
    power.setWanted(true);
    for (let ms = 0; ms < 3000; ms++) {
      clock.advance(1);
      await settle();
    }
    expect(seen.size).toBeGreaterThanOrEqual(29);
    power.close();
  });

  it('leaves a sensor that is renewed every 20 ms some of its renewals', () => expect(spacingToSee(20)).toBe(25));

  it('gives no mean over a time in which the driver hung', async () => {
    const clock = createFakeClock(0, 0);
    const tookMs = [0, 2200];
    const readWatts = async (): Promise<number> => {
      clock.advance(tookMs.shift() ?? 0);
      return 300;
    };
    const power = createFastPower({ clock, ...options, readWatts, random: () => 0.5 });
    power.setWanted(true);
    power.take({ atMs: 0, watts: 300 });
    clock.advance(100);
    await settle();
    // Asked at 0.2 s and answered at 2.4 s. From the middle of it to either side it is 1.1 s, less than a hole.
    clock.advance(100);
    await settle();
    expect(power.take({ atMs: 2450, watts: 300 })).toBeNull();
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
