import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';

describe('sleeping', () => {
  it('ends after its time, or when the signal comes, for all who sleep until it', async () => {
    const stop = new AbortController();
    const woken: string[] = [];
    const short = systemClock.sleep(1, stop.signal).then(() => woken.push('short'));
    const long = [1, 2].map((name) => systemClock.sleep(60_000, stop.signal).then(() => woken.push(`long ${name}`)));
    await short;
    expect(woken).toEqual(['short']);
    stop.abort();
    await Promise.all(long);
    expect(woken).toEqual(['short', 'long 1', 'long 2']);
    await systemClock.sleep(60_000, stop.signal);
  });

  it('listens to a signal once, however often somebody sleeps', async () => {
    const { signal } = new AbortController();
    for (let i = 0; i < 20; i++) await systemClock.sleep(0, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  });
});
