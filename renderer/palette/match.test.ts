import { assert, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { foldedCodes, type Match, match, matchText, mostTyped } from './match.ts';

const found = (typed: string, text: string): Match | null => match(foldedCodes(typed), matchText(text));
const score = (typed: string, text: string): number => found(typed, text)?.score ?? 0;

it('scores word starts and consecutive letters, and says which letters were typed', () => {
  // 'New rule': N starts the text 16 + 10, r starts a word 16 + 8, a gap of three letters costs 3 + 1 + 1: 45.
  expect(found('nr', 'New rule')).toEqual({ score: 45, places: [0, 4] });
  // n 26, e right after it 16 + 10: 52.
  expect(found('ne', 'New rule')).toEqual({ score: 52, places: [0, 1] });
  // 'e' 16, 'w' 26: 42.
  expect(found('ew', 'New rule')).toEqual({ score: 42, places: [1, 2] });
});

it('finds initials before the same letters inside a word', () => {
  expect(score('nr', 'New rule')).toBeGreaterThan(score('nr', 'Generator'));
  expect(score('hc', 'High contrast')).toBeGreaterThan(score('hc', 'Watch'));
});

it('finds a beginning before letters that are apart', () => {
  expect(score('run', 'Runs')).toBeGreaterThan(score('run', 'Return until now'));
});

it('takes the better place of two', () => {
  // The first s is inside 'as', the second starts a word: 16 + 8.
  expect(found('s', 'as set')).toEqual({ score: 24, places: [3] });
});

it('sees parts of a name: digits, capitals, dashes', () => {
  // l 16 + 10; gap of 4 letters 3 + 1 + 1 + 1; 3 after a letter 16 + 6; gap of 1 letter 3; 8 after a dash would be 16 + 8.
  expect(found('l38', 'llama3-8b')).toEqual({ score: 26 - 6 + 22 - 3 + 24, places: [0, 5, 7] });
  expect(score('mr', 'myRun')).toBeGreaterThan(score('mr', 'mayor'));
});

it('knows no case and no accents, either way', () => {
  expect(found('entrainement', 'Entraînement')?.places).toHaveLength(12);
  expect(found('ÎNE', 'entrainement')?.places).toEqual([5, 6, 7]);
});

it('counts letters, not halves of them', () => {
  expect(found('🚀', 'go 🚀')).toEqual({ score: 16, places: [3] });
});

it('finds nothing where a letter lacks, the order differs or the letters are strewn', () => {
  expect(found('rx', 'run')).toBeNull();
  expect(found('nur', 'run')).toBeNull();
  // 16 × 2 - (3 + 29) = 0 for two letters, far under 20.
  expect(found('bz', `xb${'-'.repeat(30)}xz`)).toBeNull();
});

it('finds nothing for nothing, and for more than a person types', () => {
  expect(found('', 'run')).toBeNull();
  expect(found('a'.repeat(mostTyped + 1), 'a'.repeat(200))).toBeNull();
});

it('looks at the first 256 letters of an endless name', () => {
  expect(found('z', `${'a'.repeat(300)}z`)).toBeNull();
  expect(matchText('a'.repeat(10_000)).letters).toHaveLength(256);
});

it('finds every text by its own beginning, with places that hold the letters typed', () => {
  assert(
    property(string({ minLength: 1, maxLength: 80, unit: 'grapheme' }), (text) => {
      const target = matchText(text);
      const typed = target.codes.slice(0, mostTyped);
      const result = match(typed, target);
      expect(result?.places.map((place) => target.codes[place])).toEqual(typed);
      expect(result?.places.every((place, at, all) => at === 0 || place > (all[at - 1] ?? -1))).toBe(true);
    }),
  );
});
