import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BrowserMemory } from '../app/browser-memory.ts';
import { mostRecents, readRecents, rememberRecent } from './recents.ts';

function fakeMemory(text: string | null = null): { memory: () => BrowserMemory; kept: Map<string, string> } {
  const kept = new Map<string, string>();
  const memory: BrowserMemory = {
    getItem: (key) => kept.get(key) ?? text,
    setItem: (key, value) => void kept.set(key, value),
  };
  return { memory: () => memory, kept };
}

it('gives the commands used last, the newest first and each once', () => {
  const { memory } = fakeMemory();
  for (const id of ['go:runs', 'theme:dark', 'go:runs', 'keys']) rememberRecent(id, memory);
  expect(readRecents(memory)).toEqual(['keys', 'go:runs', 'theme:dark']);
});

it('forgets the ninth', () => {
  const { memory } = fakeMemory();
  for (let count = 1; count <= 9; count++) rememberRecent(`run:${count}`, memory);
  expect(readRecents(memory)).toEqual([9, 8, 7, 6, 5, 4, 3, 2].map((count) => `run:${count}`));
});

describe('hostile storage', () => {
  it.each(['', '{', 'null', '"x"', '{"0":"go:runs"}', '[[["go:runs"]]]', '[1,null,{},""]', `["${'x'.repeat(201)}"]`])(
    'holding %s gives nothing',
    (text) => expect(readRecents(fakeMemory(text).memory)).toEqual([]),
  );

  it('keeps what is good of a list', () =>
    expect(readRecents(fakeMemory('[7,"keys",null,"keys","go:runs"]').memory)).toEqual(['keys', 'go:runs']));

  it('that is huge gives nothing', () =>
    expect(readRecents(fakeMemory(JSON.stringify(Array(100_000).fill('keys'))).memory)).toEqual([]));

  it('that throws at its name, when read or when written is none', () => {
    const refuse = (): never => {
      throw new DOMException('denied', 'SecurityError');
    };
    const full: BrowserMemory = { getItem: () => null, setItem: refuse };
    expect(readRecents(refuse)).toEqual([]);
    expect(readRecents(() => ({ getItem: refuse, setItem: refuse }))).toEqual([]);
    expect(() => rememberRecent('keys', refuse)).not.toThrow();
    expect(() => rememberRecent('keys', () => full)).not.toThrow();
  });

  it('never gives more than eight, whatever it holds', () => {
    assert(
      property(string({ maxLength: 400 }), (text) => {
        const ids = readRecents(fakeMemory(text).memory);
        return ids.length <= mostRecents && ids.every((id) => typeof id === 'string');
      }),
    );
  });
});
