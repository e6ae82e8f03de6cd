import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainLines, plainText } from './plain-text.ts';

/** Terminal sequences, C1 controls, what turns a line around, what breaks one. */
const hostile = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f]/u;
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCodePoint(code)),
      fc.integer({ min: 0x2000, max: 0x206f }).map((code) => String.fromCodePoint(code)),
    ),
  )
  .map((parts) => parts.join(''));

describe('text from outside', () => {
  it('moves no cursor and colours no terminal', () => {
    expect(plainText('a\u001b[31mred\u0007\nb\u009b2J')).toBe('a?[31mred??b?2J');
  });

  it('turns no line around: what is read is what is written', () => {
    // 'exe.txt' would be shown as 'txt.exe'.
    expect(plainText('a\u202etxt.exe\u202c')).toBe('a?txt.exe?');
    expect(plainText('\u2066a\u2069\u200f\u061c')).toBe('?a???');
  });

  it('breaks no line', () => expect(plainText('a\u2028b\u2029c')).toBe('a?b?c'));

  it('is otherwise left as it is', () => {
    // With the joiner that makes a family of three, and the one that Persian is written with.
    for (const text of ['训练 “ü” 🚀', '👩‍👩‍👧', 'می‌خواهم', 'עברית']) expect(plainText(text)).toBe(text);
  });

  it('is so whatever it holds, and lines keep their ends alone', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(plainText(text)).not.toMatch(hostile);
        expect(plainText(text)).toHaveLength(text.length);
        expect(plainLines(text).replaceAll('\n', '')).not.toMatch(hostile);
        expect(plainLines(text).split('\n')).toHaveLength(text.split('\n').length);
      }),
    );
  });
});
