import { expect, it } from 'vitest';
import { checkPattern } from './pattern-check.ts';

it('takes a regular expression, and nothing for an empty field', () => {
  expect(['python.*train\\.py', '  ', ''].map((text) => checkPattern(text).kind)).toEqual(['right', 'none', 'none']);
});

it('says why a text is none', () => {
  const check = checkPattern('train(.py');
  expect(check.kind).toBe('wrong');
  expect(check.kind === 'wrong' && check.why).toMatch(/group/i);
});
