import { expect, it } from 'vitest';
import { parseSetting } from './number-setting.tsx';

const pue = { min: 1, max: 5, mayBeEmpty: false, locale: 'en' };

it('takes numbers in range, with a dot or a comma', () => {
  expect(['1', '1.12', ' 1,12 ', '5'].map((text) => parseSetting(text, pue))).toEqual([1, 1.12, 1.12, 5]);
});

it('takes the grouping that the app itself prints', () => {
  expect(parseSetting('1,200', { ...pue, max: 100_000 })).toBe(1200);
  expect(parseSetting('1,200', pue)).toBe('wrong');
});

it('refuses what is out of range or no number', () => {
  expect(['0.9', '5.1', 'one', ''].map((text) => parseSetting(text, pue))).toEqual([
    'wrong',
    'wrong',
    'wrong',
    'wrong',
  ]);
});

it('reads an empty field as none where that is allowed', () => {
  expect(parseSetting('  ', { ...pue, mayBeEmpty: true })).toBeNull();
});
