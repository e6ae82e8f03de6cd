import { expect, it } from 'vitest';
import { inRow, phasesOf, times } from '../../../tests/alert-steps.ts';
import { goneBlind } from './gone-blind.ts';

const params = { silentSeconds: 3, clearSeconds: 2 };
const read = { presence: 'read', silentSeconds: 0 } as const;
const silent = (silentSeconds: number) => ({ presence: 'blind', silentSeconds }) as const;

it('fires once nothing was read for so long, and clears when it was read again', () => {
  // Silent for 3 s at second 3. Read from 5: 5 + 2 = 7.
  const day = [read, silent(1), silent(2), silent(3), silent(4), ...times(3, read)];
  expect(inRow(phasesOf(goneBlind, day, params))).toBe('3 armed, 4 firing, 1 armed');
});

it('says nothing of what was never read, sleeps, or is lost', () => {
  expect(inRow(phasesOf(goneBlind, times(9, { presence: 'blind', silentSeconds: null }), params))).toBe('9 armed');
  expect(inRow(phasesOf(goneBlind, times(9, { presence: 'asleep', silentSeconds: 0 }), params))).toBe('9 armed');
  expect(inRow(phasesOf(goneBlind, times(9, { presence: 'lost', silentSeconds: 60 }), params))).toBe('9 armed');
});
