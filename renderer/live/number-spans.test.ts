import { expect, it } from 'vitest';
import { spans } from './number-spans.ts';

it('joins neighbours', () => {
  expect(spans([0, 1, 2, 5])).toEqual(['0–2', '5']);
  expect(spans([])).toEqual([]);
});
