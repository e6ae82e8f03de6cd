import { expect, it } from 'vitest';
import { roundUpToDigits } from './round-limit.ts';

it('rounds up at the last of its digits', () => {
  expect([1234, 5677.5, 85, 100].map((value) => roundUpToDigits(value, 2))).toEqual([1300, 5700, 85, 100]);
  expect([1234, 7].map((value) => roundUpToDigits(value, 1))).toEqual([2000, 7]);
});

it('leaves no tail of a float, whatever the number', () => {
  // 29 × 0.1 is 2.9000000000000004.
  expect(roundUpToDigits(2.86, 2)).toBe(2.9);
  for (let tenths = 10; tenths < 100; tenths++) expect(String(roundUpToDigits(tenths / 10, 2)).length).toBeLessThan(4);
  expect(roundUpToDigits(0.0286, 2)).toBe(0.029);
  expect(roundUpToDigits(5.61e6, 2)).toBe(5_700_000);
});
