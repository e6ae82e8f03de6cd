import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareWords } from './word-difference.ts';

const marked = (text: string, reference: string): string =>
  compareWords(text.split(' '), reference.split(' '))
    .map((word) => (word.isDifferent ? `[${word.text}]` : word.text))
    .join(' ');

it('marks the arguments that the reference does not have', () => {
  expect(marked('train.py --lr 3e-5 --batch 96', 'train.py --lr 2e-5 --batch 64')).toBe(
    'train.py --lr [3e-5] --batch [96]',
  );
});

it('finds its way again after words that were put in or taken out', () => {
  expect(marked('a new b c', 'a b c')).toBe('a [new] b c');
  expect(marked('a c', 'a b c')).toBe('a c');
  expect(marked('x a b y', 'a q b')).toBe('[x] a b [y]');
});

it('marks nothing in equal texts, everything against an empty one', () => {
  expect(marked('a b', 'a b')).toBe('a b');
  expect(compareWords(['a', 'b'], [])).toEqual([
    { text: 'a', isDifferent: true },
    { text: 'b', isDifferent: true },
  ]);
  expect(compareWords([], ['a'])).toEqual([]);
});

it('gives up on very long texts, between what begins and ends alike', () => {
  // 2000 × 2000 pairs are more than a million.
  const long = (prefix: string): string[] => [
    'same',
    ...Array.from({ length: 2000 }, (_, i) => `${prefix}${i}`),
    'end',
  ];
  const compared = compareWords(long('a'), long('b'));
  expect(compared.filter((word) => !word.isDifferent).map((word) => word.text)).toEqual(['same', 'end']);
});

it('leaves unmarked what is a common subsequence, and keeps every word', () => {
  const words = fc.array(fc.constantFrom<string[]>('a', 'b', 'c', 'd'), { maxLength: 12 });
  fc.assert(
    fc.property(words, words, (text, reference) => {
      const compared = compareWords(text, reference);
      expect(compared.map((word) => word.text)).toEqual(text);
      let at = 0;
      for (const { text: word, isDifferent } of compared)
        if (!isDifferent) {
          at = reference.indexOf(word, at) + 1;
          expect(at).toBeGreaterThan(0);
        }
    }),
  );
});
