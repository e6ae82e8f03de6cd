import { expect, it } from 'vitest';
import { inRow, phasesOf, times } from '../../../tests/alert-steps.ts';
import { stalledRun } from './stalled-run.ts';

const params = { limitPercent: 5, holdSeconds: 3, clearSeconds: 1, marginPercent: 5, workingPercent: 20 };
const at = (utilizationRatio: number | null, isAlive: boolean | null = true) => ({ utilizationRatio, isAlive });
const phases = (day: Parameters<typeof phasesOf>[1]) => inRow(phasesOf(stalledRun, day, params));

it('fires when a run that worked does nothing for the hold while it lives, and clears when it works again', () => {
  // Idle from 2: 2 + 3 = 5. At 7 % it is over the limit and under the margin; 90 % from 7: 7 + 1 = 8 clears.
  const day = [...times(2, at(0.9)), ...times(4, at(0.01)), at(0.07), ...times(3, at(0.9))];
  expect(phases(day)).toBe('2 armed, 3 counting, 3 firing, 2 armed');
});

it('says nothing of a run that loads and has not worked yet', () => {
  expect(phases(times(60, at(0.01)))).toBe('60 armed');
});

it('says nothing where its processes are not known, are held, or are gone', () => {
  expect(phases([at(0.9), ...times(9, at(0, null))])).toBe('10 armed');
  expect(phases([at(0.9), ...times(9, at(0, false))])).toBe('10 armed');
  expect(phases([at(0.9), ...times(9, at(null))])).toBe('10 armed');
});
