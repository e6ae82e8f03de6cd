import { expect, it } from 'vitest';
import { alertAmount } from './alert-amount.ts';

const fired = { value: 4691, valueWatts: 4691 };

it('is what the rule reads now, and a dash where that is not known', () => {
  expect(alertAmount({ ...fired, valueNow: 4542 }, true)).toEqual({ when: 'now', value: 4542 });
  expect(alertAmount({ ...fired, valueNow: null }, true)).toEqual({ when: 'now', value: null });
});

it('is what it read when it fired, of an older engine and of one that does not answer', () => {
  expect(alertAmount(fired, true)).toEqual({ when: 'fired', value: 4691 });
  expect(alertAmount({ ...fired, valueNow: 4542 }, false)).toEqual({ when: 'fired', value: 4691 });
});

it('is none of a rule that reads no amount', () => {
  expect(alertAmount({ value: null, valueWatts: null, valueNow: null }, true)).toBeNull();
});
