import { expect, it } from 'vitest';
import { newestEntries } from './log-entries.ts';

const at = (...times: readonly number[]) => times.map((atMs) => ({ atMs }));

it('shows the newest, oldest first, and counts what came before them in the range', () => {
  // 5 and 60 lie outside; of 10, 20, 30, 40 the newest three are shown, and one is not.
  const range = { fromMs: 10, toMs: 50 };
  expect(newestEntries(at(40, 5, 20, 60, 10, 30), { range, most: 3 })).toEqual({
    shown: at(20, 30, 40),
    earlierCount: 1,
  });
  expect(newestEntries(at(40), { range, most: 3 })).toEqual({ shown: at(40), earlierCount: 0 });
});
