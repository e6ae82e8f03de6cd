import { expect, it } from 'vitest';
import { exitCodeOf } from './child-end.ts';

it('gives the exit code that a shell would give', () => {
  // SIGINT is 2, SIGTERM 15.
  expect(exitCodeOf({ code: 3, signal: null })).toBe(3);
  expect(exitCodeOf({ code: null, signal: 'SIGINT' })).toBe(130);
  expect(exitCodeOf({ code: null, signal: 'SIGTERM' })).toBe(143);
});
