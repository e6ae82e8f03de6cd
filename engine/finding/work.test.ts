import { expect, it } from 'vitest';
import { readWork } from './work.ts';

it('a command of thirty thousand words is told by the first thousand of them', () => {
  const startedMicroseconds = process.threadCpuUsage().user;
  const words = ['env', ...Array.from({ length: 15 }, () => 'nice'), ...Array.from({ length: 30_000 }, () => '-x')];
  expect(readWork([...words, 'train.py']).script).toBeNull();
  expect(readWork(['env', ...Array.from({ length: 900 }, () => '-x'), 'train.py']).script).toBe('train.py');
  // Sixteen launchers, each looking through all of the words: half a second and more.
  expect(process.threadCpuUsage().user - startedMicroseconds).toBeLessThan(100_000);
});
