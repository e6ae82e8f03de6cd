import { expect, it } from 'vitest';
import { nextActive } from './palette-rows.ts';

it('moves by one and joins the ends', () => {
  expect([nextActive('ArrowDown', 0, 3), nextActive('ArrowDown', 2, 3)]).toEqual([1, 0]);
  expect([nextActive('ArrowUp', 2, 3), nextActive('ArrowUp', 0, 3)]).toEqual([1, 2]);
});

it('moves by a page, and stops at the ends', () => {
  expect([nextActive('PageDown', 1, 30), nextActive('PageDown', 25, 30)]).toEqual([9, 29]);
  expect([nextActive('PageUp', 20, 30), nextActive('PageUp', 3, 30)]).toEqual([12, 0]);
  expect([nextActive('Home', 20, 30), nextActive('End', 20, 30)]).toEqual([0, 29]);
});

it('leaves other keys to the field, and all of them where nothing matches', () => {
  expect([nextActive('a', 1, 3), nextActive('ArrowLeft', 1, 3), nextActive('ArrowDown', -1, 0)]).toEqual([
    null,
    null,
    null,
  ]);
});
