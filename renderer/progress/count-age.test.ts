import { expect, it } from 'vitest';
import { countAgeSeconds } from './count-age.ts';

it('has no age while it may pass for now, nor where nobody says when it was', () => {
  expect(countAgeSeconds({ countedAtMs: 1000 }, 61_000)).toBeNull();
  expect(countAgeSeconds({ countedAtMs: 1000 }, 62_000)).toBe(61);
  // The clock of a program may be ahead.
  expect(countAgeSeconds({ countedAtMs: 5000 }, 1000)).toBeNull();
  expect(countAgeSeconds({ countedAtMs: null }, 62_000)).toBeNull();
  expect(countAgeSeconds({}, 62_000)).toBeNull();
});
