import { describe, expect, it } from 'vitest';
import { createAskedBook, nextAsk } from './asked-book.ts';

const hour = 3_600_000;
const at = (minutes: number): number => Date.UTC(2026, 0, 15, 12, minutes);
const next = (change: Partial<Parameters<typeof nextAsk>[0]>): number =>
  nextAsk({ nowMs: at(20), periodMs: hour / 2, failures: 0, retryAfterMs: null, ...change });

describe('the next question', () => {
  it('comes soon after the next data period begins', () => {
    expect(next({})).toBe(at(30) + 90_000);
    expect(next({ nowMs: at(30) + 90_000 })).toBe(at(60) + 90_000);
    // A file is looked at every minute: a tenth of that after it begins.
    expect(next({ periodMs: 60_000 })).toBe(at(21) + 6000);
  });

  it('comes a period after the first failure, then twice as long each time, six hours at most', () => {
    const waits = [1, 2, 3, 4, 5, 6, 20].map((failures) => (next({ failures }) - at(20)) / hour);
    expect(waits).toEqual([0.5, 1, 2, 4, 6, 6, 6]);
  });

  it('never comes before the server wants it, and is not put off for more than a day', () => {
    expect(next({ failures: 1, retryAfterMs: 3 * hour })).toBe(at(20) + 3 * hour);
    expect(next({ failures: 1, retryAfterMs: 1000 * hour })).toBe(at(20) + 24 * hour);
  });
});

it('remembers beyond an engine what it is to keep, and what a full disk did not take', () => {
  const kept = new Map<string, unknown>();
  const asked = { lastMs: 1, notBeforeMs: 2, failures: 0 };
  const learned = {
    read: (key: string) => kept.get(key),
    write: (key: string, value: unknown) => void kept.set(key, value),
  };
  createAskedBook(learned).write('a', asked, true);
  createAskedBook(learned).write('b', asked, false);
  const later = createAskedBook(learned);
  expect([later.read('a'), later.read('b')]).toEqual([asked, null]);
  later.forget('a');
  expect(createAskedBook(learned).read('a')).toBeNull();
  const full = createAskedBook({ ...learned, write: () => {} });
  full.write('c', asked, true);
  expect(full.read('c')).toEqual(asked);
});
