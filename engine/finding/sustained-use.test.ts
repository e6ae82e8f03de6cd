import { describe, expect, it } from 'vitest';
import { isSustained, type UseSample } from './sustained-use.ts';

/** One look a second from 0 s: b busy, i idle, ? not told. */
const looks = (text: string): readonly UseSample[] =>
  [...text].map((letter, i) => ({ atMs: i * 1000, isBusy: letter === '?' ? null : letter === 'b' }));
const isAfter = (text: string, isLikely = true): boolean =>
  isSustained(looks(text), (text.length - 1) * 1000, isLikely);

describe('use that has lasted', () => {
  it.each([
    ['ten seconds of it', 'bbbbbbbbbbb', true],
    ['not nine', 'bbbbbbbbbb', false],
    ['busy in half of the looks', 'bibibibibib', true],
    ['not in fewer', 'iiiiiibbbbb', false],
    ['what came after a long rest', `${'i'.repeat(30)}bbbbbb`, true],
    ['not what ended', `${'b'.repeat(30)}iiiiiii`, false],
    ['not nothing', '', false],
    ['what was told, if some looks told nothing', 'bbb????????', true],
  ])('is %s', (_, text, isLasting) => expect(isAfter(text)).toBe(isLasting));

  it('is told by what a process is where no look tells', () => {
    expect(isAfter('???????????', true)).toBe(true);
    expect(isAfter('???????????', false)).toBe(false);
    expect(isAfter('??????', true)).toBe(false);
  });
});
