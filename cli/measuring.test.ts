import { describe, expect, it } from 'vitest';
import { WattrunError } from '../shared/contract/errors.ts';
import { onceThereIsRoom } from './measuring.ts';

const full = new WattrunError('store/full', 'The disk is full.', 'Free some space, then try again.');

function setUp() {
  const said: string[] = [];
  const stop = new AbortController();
  return { said, stop, options: { signal: stop.signal, say: (text: string) => void said.push(text) } };
}

describe('a run on a full disk', () => {
  it('is measured once there is room, and says at its start that it is not yet', async () => {
    const { said, options } = setUp();
    const run = await onceThereIsRoom(async (tries) => {
      if (tries < 1) throw full;
      return 'measured';
    }, options);
    expect(run).toBe('measured');
    expect(said).toEqual([
      'wattrun: this run is not measured yet. The disk is full. Free some space: it is measured from then on.',
    ]);
  });

  it('says that it was not measured where its command ends first', async () => {
    const { said, stop, options } = setUp();
    const run = onceThereIsRoom(() => Promise.reject(full), options);
    stop.abort();
    expect(await run).toBeNull();
    expect(said[1]).toBe('wattrun: this run was not measured: the disk was full to its end.');
  });

  it('is tried once, however soon its command ends, and anything else that goes wrong is thrown', async () => {
    const { stop, options } = setUp();
    stop.abort();
    expect(await onceThereIsRoom(async () => 'measured', options)).toBe('measured');
    const other = new WattrunError('store/unwritable', 'The folder is read-only.');
    await expect(onceThereIsRoom(() => Promise.reject(other), options)).rejects.toBe(other);
  });
});
