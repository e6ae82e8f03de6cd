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

  it('are one for all as long as the driver is quick, and several once it is slow', async () => {
    const threads = createDriverThreads(10);
    const calls = [1n, 2n, 3n, 4n].map((device) => hang(threads, device));
    expect(threads.count()).toBe(1);
    // It has answered at once: the next is asked, and no other beside it.
    calls[0]?.end();
    expect(threads.count()).toBe(1);
    await within(20, Promise.race([]));
    // After 20 ms it is slow.
    calls[1]?.end();
    expect(threads.count()).toBe(2);
    for (const call of calls) call.end();
  });

  it('leave those that wait behind one that hangs to the moment at which somebody looks again', async () => {
    const threads = createDriverThreads(10);
    const look = Promise.withResolvers<void>();
    threads.lookAgainAt(look.promise);
    const hung = hang(threads, 1n);
    const waiting = answers(threads, 2n);
    await expect(within(300, waiting)).resolves.toBe('late');
    look.resolve();
    await expect(within(1000, waiting)).resolves.toBe('answer');
    // From then on it is known to hang: no more is waited for anybody to look.
    threads.lookAgainAt(new Promise(() => {}));
    const second = hang(threads, 3n);
    await expect(within(1000, answers(threads, 4n))).resolves.toBe('answer');
    for (const call of [hung, second]) call.end();
    await Promise.all([hung.over, second.over]);
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
