import { expect, it } from 'vitest';
import { inRow, phasesOf, times } from '../../../tests/alert-steps.ts';
import { temperature } from './temperature.ts';

const params = { limitCelsius: 85, holdSeconds: 3, clearSeconds: 2, marginCelsius: 3 };
const at = (temperatureCelsius: number | null) => ({ temperatureCelsius });

it('fires after a whole hold above the limit, and clears after the clearing time at the limit less the margin', () => {
  // 86 from second 2: 2 + 3 = 5 fires. 83 is under the limit and over 82: it clears nothing. 82 from 9: 9 + 2 = 11 clears.
  const day = [...times(2, at(80)), ...times(5, at(86)), ...times(2, at(83)), ...times(4, at(82))];
  expect(inRow(phasesOf(temperature, day, params))).toBe('2 armed, 3 counting, 6 firing, 2 armed');
});

it('is not hot at the limit itself, nor where nothing is read', () => {
  expect(inRow(phasesOf(temperature, times(9, at(85)), params))).toBe('9 armed');
  expect(inRow(phasesOf(temperature, [at(90), at(90), at(null), at(90), at(90), at(90), at(90)], params))).toBe(
    '2 counting, 1 armed, 3 counting, 1 firing',
  );
});
