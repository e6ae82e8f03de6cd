import { expect, it } from 'vitest';
import { inRow, phasesOf, times } from '../../../tests/alert-steps.ts';
import { gpuLost } from './gpu-lost.ts';

const params = { holdSeconds: 2, clearSeconds: 2 };
const read = { presence: 'read' } as const;
const lost = { presence: 'lost' } as const;
const blind = { presence: 'blind' } as const;

it('fires when it is said to be gone for the hold, and clears when it was read again', () => {
  // Lost from 1: 1 + 2 = 3. Back from 5: 5 + 2 = 7.
  const day = [read, ...times(4, lost), ...times(3, read)];
  expect(inRow(phasesOf(gpuLost, day, params))).toBe('1 armed, 2 counting, 4 firing, 1 armed');
});

it('takes neither a sensor that is silent nor a device that sleeps for lost', () => {
  expect(inRow(phasesOf(gpuLost, [read, ...times(9, blind)], params))).toBe('10 armed');
  expect(inRow(phasesOf(gpuLost, [read, ...times(9, { presence: 'asleep' as const })], params))).toBe('10 armed');
  expect(inRow(phasesOf(gpuLost, [...times(3, lost), ...times(9, blind)], params))).toBe('2 counting, 10 firing');
});
