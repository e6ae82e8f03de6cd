import { expect, it } from 'vitest';
import { inRow, phasesOf, times } from '../../../tests/alert-steps.ts';
import { memoryFull } from './memory-full.ts';

const params = { limitPercent: 95, holdSeconds: 2, clearSeconds: 1, marginPercent: 5 };
const at = (gibibytes: number | null) => ({ memoryUsedBytes: gibibytes, memoryTotalBytes: 100 });

it('fires when more than the share is used for the hold, and clears under the margin', () => {
  const day = [at(50), ...times(3, at(96)), at(92), ...times(2, at(90))];
  expect(inRow(phasesOf(memoryFull, day, params))).toBe('1 armed, 2 counting, 3 firing, 1 armed');
});

it('does not take what is not read for free', () => {
  const day = [...times(3, at(96)), ...times(20, at(null))];
  expect(inRow(phasesOf(memoryFull, day, params))).toBe('2 counting, 21 firing');
});
