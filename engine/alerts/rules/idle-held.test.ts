import { expect, it } from 'vitest';
import { inRow, phasesOf, times } from '../../../tests/alert-steps.ts';
import { idleHeld } from './idle-held.ts';

const mebibyte = 1024 ** 2;
const params = { limitPercent: 2, holdSeconds: 3, clearSeconds: 1, heldMebibytes: 500 };
const at = (heldBytes: number | null, utilizationRatio: number | null) => ({ heldBytes, utilizationRatio });
const phases = (day: Parameters<typeof phasesOf>[1]) => inRow(phasesOf(idleHeld, day, params));
const held = at(600 * mebibyte, 0.02);

it('fires when memory is held and nothing done for the hold, and clears when it is let go', () => {
  expect(phases([at(0, 0), ...times(4, held), ...times(2, at(0, 0))])).toBe('1 armed, 3 counting, 2 firing, 1 armed');
});

it('clears when it works', () => {
  expect(phases([...times(4, held), ...times(2, at(600 * mebibyte, 0.5))])).toBe('3 counting, 2 firing, 1 armed');
});

it('leaves a desktop’s few megabytes alone', () => {
  expect(phases(times(9, at(200 * mebibyte, 0)))).toBe('9 armed');
});

it('proves nothing where processes or work cannot be seen', () => {
  expect(phases(times(9, at(null, 0)))).toBe('9 armed');
  expect(phases(times(9, at(600 * mebibyte, null)))).toBe('9 armed');
  expect(phases([...times(4, held), ...times(9, at(null, null))])).toBe('3 counting, 10 firing');
});
