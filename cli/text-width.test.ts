import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText, padText, textColumns } from './text-width.ts';

describe('a text in a terminal', () => {
  it.each([
    ['', 0],
    ['train', 5],
    ['训练', 4],
    ['トレ', 4],
    // Halfwidth katakana, and a mark that is a character of its own there.
    ['ﾄﾚ', 2],
    ['한글', 4],
    // The same in its parts, as macOS writes names of files.
    ['한글'.normalize('NFD'), 4],
    ['é', 1],
    ['e\u0301', 1],
    ['🚀', 2],
    ['👩‍👩‍👧', 2],
    ['👍🏽', 2],
    ['🇫🇷', 2],
    ['❤️', 2],
    // Drawn narrow where nothing else is said: most of what Wattrun itself writes beyond ASCII.
    ['–±·“”…', 6],
    ['a\u200bb', 2],
  ])('takes, of %j, %i columns', (text, columns) => expect(textColumns(text)).toBe(columns));

  it('is filled up to a column, after or before it', () => {
    expect(padText('训练', 6)).toBe('训练  ');
    expect(padText('训练', 6, 'before')).toBe('  训练');
    expect(padText('longer', 3)).toBe('longer');
  });

  it('is cut between characters as people see them, and says so', () => {
    expect(cutText('training', 8)).toBe('training');
    expect(cutText('training', 5)).toBe('trai…');
    // Five columns: two letters of two, the sign of one; of four, one letter is left.
    expect(cutText('训练模型', 5)).toBe('训练…');
    expect(cutText('训练模型', 4)).toBe('训…');
    expect(cutText('👩‍👩‍👧👩‍👩‍👧', 3)).toBe('👩‍👩‍👧…');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, columns) => {
        expect(textColumns(cutText(text, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
