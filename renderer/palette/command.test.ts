import { expect, it } from 'vitest';
import { labelText, rememberingWords, type Words } from './command.ts';

const words: Words = (key, values) => `${key}(${Object.values(values ?? {}).join()})`;

it('reads a name as it is, and words with names and other words in them', () => {
  expect(labelText({ name: 'live.title' }, words)).toBe('live.title');
  expect(labelText({ key: 'a' }, words)).toBe('a()');
  expect(labelText({ key: 'a', values: { name: 'run' }, words: { theme: 'b' } }, words)).toBe('a(run,b())');
});

it('looks up a text once, and anew where something is filled in', () => {
  const asked: string[] = [];
  const remembering = rememberingWords((key, values) => {
    asked.push(key);
    return words(key, values);
  });
  expect([remembering('a'), remembering('a'), remembering('b', { x: '1' }), remembering('b', { x: '2' })]).toEqual([
    'a()',
    'a()',
    'b(1)',
    'b(2)',
  ]);
  expect(asked).toEqual(['a', 'b', 'b']);
});
