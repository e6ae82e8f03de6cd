import { describe, expect, it } from 'vitest';
import { createCpuLoad } from './cpu-load.ts';

/** CPU seconds of this process, all its threads, over a stretch. */
async function cpuSecondsOver(durationMs: number): Promise<number> {
  const before = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

describe('createCpuLoad', { timeout: 20_000 }, () => {
  it('keeps a core busy until it is stopped, twice over', async () => {
    const load = createCpuLoad({ threads: 1 });
    await load.start();
    // A thread that owns a core gives 0.5 s in 0.5 s; others may want the core too, so a tenth of it is asked for.
    const busySeconds = await cpuSecondsOver(500);
    await load.stop();
    await load.stop();
    expect(busySeconds).toBeGreaterThan(0.05);
    // The rest of the test runner takes a little.
    expect(await cpuSecondsOver(500)).toBeLessThan(busySeconds / 2 + 0.05);
  });

  it('ends by itself when nobody stops it', async () => {
    const load = createCpuLoad({ threads: 1, longestMs: 200 });
    await load.start();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await cpuSecondsOver(300)).toBeLessThan(0.25);
    await load.stop();
  });
});
