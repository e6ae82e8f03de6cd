import { describe, expect, it } from 'vitest';
import { createDriverThreads, type DriverThreads } from './driver-threads.ts';

/** A call that hangs until it is let go. */
function hang(threads: DriverThreads, device: bigint | null): { readonly over: Promise<void>; end(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let end: () => void = () => {};
  threads.run(device, (giveBack) => {
    end = () => {
      giveBack();
      resolve();
    };
  });
  return { over: promise, end: () => end() };
}

const answers = (threads: DriverThreads, device: bigint): Promise<string> =>
  new Promise((resolve) =>
    threads.run(device, (giveBack) => {
      giveBack();
      resolve('answer');
    }),
  );
const within = <T>(ms: number, wanted: Promise<T>): Promise<T | 'late'> =>
  Promise.race([wanted, new Promise<'late'>((resolve) => setTimeout(resolve, ms, 'late'))]);

describe('the threads of the pool that are in the driver', () => {
  it('are one for a device, whoever asks it', async () => {
    const threads = createDriverThreads(10);
    const round = hang(threads, 1n);
    const sampler = hang(threads, 1n);
    await within(150, sampler.over);
    expect(threads.count()).toBe(1);
    round.end();
    await round.over;
    await within(20, sampler.over);
    sampler.end();
    await sampler.over;
    expect(threads.count()).toBe(0);
  });

  it('are there for other devices while some hang', async () => {
    const threads = createDriverThreads(10);
    const hung = [1n, 2n, 3n, 4n].map((device) => hang(threads, device));
    await expect(within(1000, answers(threads, 5n))).resolves.toBe('answer');
    for (const one of hung) one.end();
    await Promise.all(hung.map(({ over }) => over));
    expect(threads.count()).toBe(0);
  });

  it('are never all of the pool: files are read by it too', async () => {
    const threads = createDriverThreads(4);
    const hung = [1n, 2n, 3n].map((device) => hang(threads, device));
    await expect(within(300, answers(threads, 4n))).resolves.toBe('late');
    expect(threads.count()).toBe(2);
    hung[0]?.end();
    await within(20, Promise.all(hung.map(({ over }) => over)));
    for (const one of hung) one.end();
    await within(20, Promise.all(hung.map(({ over }) => over)));
  });
});
