import { expect, it } from 'vitest';
import { compareValues } from './run-columns.ts';

const row = (value: unknown) => ({ getValue: () => value });
const compare = (a: unknown, b: unknown): number => Math.sign(compareValues(row(a), row(b), 'any'));

it('compares numbers by size', () => {
  expect([compare(2, 10), compare(10, 2), compare(3, 3)]).toEqual([-1, 1, 0]);
});

it('compares words by the alphabet, numbers inside them by size', () => {
  expect([compare('run-2', 'run-10'), compare('vit', 'llama')]).toEqual([-1, 1]);
});
