import { expect, it } from 'vitest';
import { runName } from './run-name.ts';

const named = (text: string | undefined) => {
  const said: string[] = [];
  return { name: runName('--name', text, (line) => said.push(line)), said };
};

it('takes a name as it is, without spaces around it', () => {
  expect(named(' vit-b16 ')).toEqual({ name: 'vit-b16', said: [] });
  expect(named('x'.repeat(200))).toEqual({ name: 'x'.repeat(200), said: [] });
});

it('takes an empty name for none', () => {
  for (const text of [undefined, '', '  ']) expect(named(text)).toEqual({ name: undefined, said: [] });
});

it('cuts a name that is too long, says so in one line, and halves no character', () => {
  expect(named('x'.repeat(201))).toEqual({
    name: 'x'.repeat(200),
    said: ['wattrun: what --name says is longer than 200 characters, and is cut there.'],
  });
  // 199 and a character of two halves: it would end in the middle of it.
  expect(named(`${'x'.repeat(199)}🔥`).name).toBe('x'.repeat(199));
});
