import { expect, it } from 'vitest';
import { WattrunError } from '../../shared/contract/errors.ts';
import { createSqliteStore } from './sqlite-store.ts';
import { createStorageGuard } from './storage-guard.ts';

function setUp() {
  const messages: string[] = [];
  const written: number[] = [];
  let trouble: Error | null = null;
  const store = createSqliteStore({ path: ':memory:', nowMs: 0 });
  const guard = createStorageGuard(store, (message) => messages.push(message));
  return {
    guard,
    messages,
    written,
    fail(error: Error | null) {
      trouble = error;
    },
    write: (value: number) =>
      guard.write(() => {
        if (trouble !== null) throw trouble;
        written.push(value);
      }),
  };
}

const full = new WattrunError('store/full', 'The disk is full.', 'Free some space.');

it('writes at once while all is well', () => {
  const { guard, write, written } = setUp();
  write(1);
  expect(written).toEqual([1]);
  expect(guard.state()).toEqual({ kind: 'recording', message: null, sizeBytes: null });
});

it('keeps what cannot be written and writes it in order once the disk has room', () => {
  const { guard, write, written, fail, messages } = setUp();
  write(1);
  fail(full);
  write(2);
  write(3);
  expect(written).toEqual([1]);
  expect(guard.state()).toMatchObject({ kind: 'full', message: 'The disk is full. Free some space.' });
  fail(null);
  write(4);
  expect(written).toEqual([1, 2, 3, 4]);
  expect(guard.state().kind).toBe('recording');
  // Said once when it stopped and once when it went on, not with every write.
  expect(messages).toEqual(['recording stopped: The disk is full.', 'recording goes on']);
});

it('says how many readings were given up when it lasts too long', () => {
  const { guard, write, written, fail } = setUp();
  fail(full);
  // 1200 wait at most: of 1205 the first five are lost.
  for (let value = 1; value <= 1205; value++) write(value);
  expect(guard.state().message).toContain('5 readings could not be kept.');
  fail(null);
  guard.flush();
  expect(written).toHaveLength(1200);
  expect(written[0]).toBe(6);
});

it('drops a write that can never work, and logs it, instead of holding up the rest', () => {
  const { guard, write, written, fail, messages } = setUp();
  fail(new TypeError('a bug'));
  write(1);
  fail(null);
  write(2);
  expect(written).toEqual([2]);
  expect(guard.state().kind).toBe('recording');
  expect(messages[0]).toContain('a write failed: TypeError: a bug');
});

it('waits while another program has the record locked', () => {
  const { guard, write, written, fail } = setUp();
  fail(new Error('database is locked'));
  write(1);
  expect(guard.state()).toMatchObject({ message: 'The record is locked by another program.' });
  fail(null);
  guard.flush();
  expect(written).toEqual([1]);
});
