import { expect, it } from 'vitest';
import { shellCommand } from './shell-command.ts';

it('quotes only what a shell would take apart', () => {
  expect(shellCommand(['sh', '-c', 'echo "$0" a', "it's", '', '--lr=2e-5', './train.py'])).toBe(
    `sh -c 'echo "$0" a' 'it'\\''s' '' --lr=2e-5 ./train.py`,
  );
});
