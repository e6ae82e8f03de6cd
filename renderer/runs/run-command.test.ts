import { expect, it } from 'vitest';
import { shellCommand } from '../../shared/format/shell-command.ts';
import { wrappedCommand } from './run-command.ts';

it('quotes only what a shell would take apart', () => {
  expect(shellCommand(['python', 'train.py', '--lr=2e-5', 'a b', "it's", ''])).toBe(
    "python train.py --lr=2e-5 'a b' 'it'\\''s' ''",
  );
});

it('breaks lines so that a shell still takes it', () => {
  expect(wrappedCommand(['torchrun', '--nproc-per-node', '4', 'train.py'], 20)).toBe(
    'torchrun \\\n  --nproc-per-node 4 \\\n  train.py',
  );
});

it('leaves a short command on its line', () => {
  expect(wrappedCommand(['make'])).toBe('make');
});
