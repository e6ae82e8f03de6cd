import { expect, it } from 'vitest';
import { runStateText } from './run-state.ts';

const stoppedBy = { alertId: 'a1', rule: '4.5 kW for 30 s' };

it.each([
  ['running', false, null, 'running'],
  ['running', true, null, 'paused'],
  ['stopped', false, null, 'stopped'],
  ['stopped', false, stoppedBy, 'stopped by alert “4.5 kW for 30 s”'],
  // Asked to end, and still at it.
  ['running', false, stoppedBy, 'running'],
] as const)('a run of status %s, paused: %s, stopped by %j reads %s', (status, isPaused, by, text) => {
  expect(runStateText({ status, isPaused, stoppedBy: by })).toBe(text);
});
