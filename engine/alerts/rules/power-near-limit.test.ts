import { expect, it } from 'vitest';
import { inRow, phasesOf, times } from '../../../tests/alert-steps.ts';
import { powerNearLimit } from './power-near-limit.ts';

const params = { limitPercent: 95, holdSeconds: 2, clearSeconds: 1, marginPercent: 5 };
const at = (powerWatts: number | null, limitWatts: number | null) => ({ powerWatts, limitWatts });

it('goes by the limit that is in force, as it changes', () => {
  // 670 of 700 W is 95.7 %; of a limit lowered to 350 W, 340 W is 97 %, and 315 W is 90 %: the clearing begins.
  const day = [...times(3, at(670, 700)), ...times(2, at(340, 350)), ...times(2, at(315, 350))];
  expect(inRow(phasesOf(powerNearLimit, day, params))).toBe('2 counting, 4 firing, 1 armed');
});

it('says nothing without a limit, and 665 of 700 W are not above 95 %', () => {
  expect(inRow(phasesOf(powerNearLimit, times(5, at(900, null)), params))).toBe('5 armed');
  expect(inRow(phasesOf(powerNearLimit, times(5, at(665, 700)), params))).toBe('5 armed');
});
