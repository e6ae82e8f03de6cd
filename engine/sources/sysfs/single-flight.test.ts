import { describe, expect, it } from 'vitest';
import { createSingleFlight } from './single-flight.ts';

describe('createSingleFlight', () => {
  it('hands on what the work gives', async () => {
    let runs = 0;
    const fly = createSingleFlight(async () => ++runs, 1000);
    expect([await fly(), await fly()]).toEqual([1, 2]);
  });

  it('starts nothing while the last one hangs, and starts again once it ended', async () => {
    let started = 0;
    let finish: (value: string) => void = () => {};
    const fly = createSingleFlight(() => {
      started++;
      return new Promise<string>((resolve) => {
        finish = resolve;
      });
    }, 5);
    expect(await fly()).toBe('timeout');
    expect(await fly()).toBe('timeout');
    expect(started).toBe(1);
    finish('late');
    await new Promise((resolve) => setImmediate(resolve));
    const next = fly();
    finish('in time');
    expect(await next).toBe('in time');
    expect(started).toBe(2);
  });

  it('waits until the moment it is given in place of its own time', async () => {
    const until = Promise.withResolvers<void>();
    let answer: unknown = 'none';
    const fly = createSingleFlight(() => new Promise<string>(() => {}), 5);
    const flight = fly(until.promise).then((value) => {
      answer = value;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answer).toBe('none');
    until.resolve();
    await flight;
    expect(answer).toBe('timeout');
  });

  it('hands on a failure and can start again after it', async () => {
    let runs = 0;
    const fly = createSingleFlight(
      () => (runs++ === 0 ? Promise.reject(new Error('gone')) : Promise.resolve('back')),
      1000,
    );
    await expect(fly()).rejects.toThrow('gone');
    expect(await fly()).toBe('back');
  });
});
