import { expect, it } from 'vitest';
import { usualRuleName } from './rule-name.ts';

const choices = [
  {
    key: 'outcome',
    label: 'When it',
    choices: [{ value: 'finished-or-failed', label: 'Finished or failed', scopes: null }],
    defaultValue: 'finished-or-failed',
  },
];

it('fills numbers in as they are, and choices in their words', () => {
  const power = { nameTemplate: 'Power above {limitWatts} W for {holdSeconds} s', choices: [] };
  expect(usualRuleName(power, { limitWatts: 4500, holdSeconds: 30 })).toBe('Power above 4500 W for 30 s');
  const ended = { nameTemplate: 'Run ended: {outcome}', choices };
  expect(usualRuleName(ended, { outcome: 'finished-or-failed' })).toBe('Run ended: finished or failed');
});

it('leaves out what is not given, and writes a choice that it does not know as it is', () => {
  expect(usualRuleName({ nameTemplate: 'Above {limitWatts} W', choices: [] }, {})).toBe('Above  W');
  expect(usualRuleName({ nameTemplate: '{outcome}', choices }, { outcome: 'odd' })).toBe('odd');
});
