import { expect, it } from 'vitest';
import { inRow, phasesOf, times } from '../../../tests/alert-steps.ts';
import { throttled } from './throttled.ts';

const params = { holdSeconds: 2, clearSeconds: 1 };
const at = (...throttleReasons: string[]) => ({ throttleReasons });

it('fires when every reading named a reason for the hold, whichever, and clears when none does', () => {
  const day = [at(), at('thermal'), at('hardware'), at('thermal'), at(), at()];
  expect(inRow(phasesOf(throttled, day, params))).toBe('1 armed, 2 counting, 2 firing, 1 armed');
});

it('takes a power cap for a choice, unless asked', () => {
  expect(inRow(phasesOf(throttled, times(4, at('power cap')), params))).toBe('4 armed');
  expect(inRow(phasesOf(throttled, times(4, at('power cap')), { ...params, reasons: 'any' }))).toBe(
    '2 counting, 2 firing',
  );
});

it('proves nothing where reasons are not read', () => {
  expect(inRow(phasesOf(throttled, [...times(3, at('thermal')), ...times(5, {})], params))).toBe(
    '2 counting, 6 firing',
  );
});
