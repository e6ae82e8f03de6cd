import type { Random } from './random.ts';

/** No input is longer: what a tool prints in one breath. */
export const mostCharacters = 64 * 1024;

type Mutator = (text: string, random: Random) => string;

const numbers = [
  '-1',
  '0',
  '-0',
  '1e999',
  'NaN',
  'Infinity',
  '9223372036854775794',
  '18446744073709551615',
  '4294967295',
  '0.0000001',
  '1e-400',
];
const oddTexts = [
  '\0',
  '\0'.repeat(4096),
  '\u202e',
  '\ufeff',
  '🔥',
  '\ud800',
  'ſ',
  '\u2028',
  '\x1b[31m',
  '°C',
  'İ',
  '\u0660',
  '\r',
  '\t',
  '\x85',
];
const structure = [
  ', ',
  ',',
  '"',
  "'",
  '\\',
  '[',
  ']',
  '{',
  '}',
  '<',
  '>',
  '</',
  ':',
  '=',
  '#',
  '|',
  '%',
  '-',
  '(',
  ')',
  '&',
  ';',
  '\n',
  ' ',
  '__proto__',
  'null',
];

function insertAt(text: string, at: number, what: string): string {
  return text.slice(0, at) + what + text.slice(at);
}

function onLines(text: string, change: (lines: string[]) => string[]): string {
  return change(text.split('\n')).join('\n');
}

/** Each makes one change; several may follow one another. */
const mutators: readonly Mutator[] = [
  function flipBit(text, random) {
    const at = random.below(text.length);
    const flipped = String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << random.below(8)));
    return text.slice(0, at) + flipped + text.slice(at + 1);
  },
  function truncate(text, random) {
    return text.slice(0, random.below(text.length));
  },
  function loseTheStart(text, random) {
    return text.slice(random.below(text.length));
  },
  function duplicateLine(text, random) {
    return onLines(text, (lines) =>
      lines.toSpliced(random.below(lines.length), 0, ...lines.slice(random.below(lines.length)).slice(0, 3)),
    );
  },
  function dropLine(text, random) {
    return onLines(text, (lines) => lines.toSpliced(random.below(lines.length), 1 + random.below(3)));
  },
  function spliceLines(text, random) {
    return onLines(text, (lines) => {
      const other = random.pick(lines, '');
      const at = random.below(lines.length);
      const line = lines[at] ?? '';
      return lines.with(at, line.slice(0, random.below(line.length + 1)) + other.slice(random.below(other.length + 1)));
    });
  },
  function blowUpNumber(text, random) {
    const found = [...text.slice(0, 8192).matchAll(/\d+(?:\.\d+)?/g)];
    const match = found[random.below(found.length)];
    if (match === undefined) return insertAt(text, random.below(text.length + 1), random.pick(numbers, '0'));
    const other = random.oneIn(3) ? match[0].repeat(1 + random.below(400)) : random.pick(numbers, '0');
    return text.slice(0, match.index) + other + text.slice(match.index + match[0].length);
  },
  function insertOddText(text, random) {
    return insertAt(text, random.below(text.length + 1), random.pick(oddTexts, ''));
  },
  function insertStructure(text, random) {
    return insertAt(text, random.below(text.length + 1), random.pick(structure, ''));
  },
  function removeStretch(text, random) {
    const at = random.below(text.length);
    return text.slice(0, at) + text.slice(at + 1 + random.below(40));
  },
  function carriageReturns(text) {
    return text.replaceAll('\n', '\r\n');
  },
  function oneHugeLine(text) {
    return text.replaceAll('\n', ' ');
  },
];

/** Rarer, for they fill the whole length: what makes a slow expression slow. */
const blowUps: readonly Mutator[] = [
  function repeatCharacter(text, random) {
    const character = random.oneIn(3)
      ? random.pick([...structure, ...oddTexts.slice(0, 1)], ' ')
      : (text[random.below(text.length)] ?? ' ');
    const count = Math.floor(mostCharacters / character.length);
    return insertAt(text, random.below(text.length + 1), character.repeat(random.below(count)));
  },
  function repeatStretch(text, random) {
    const at = random.below(text.length);
    const stretch = text.slice(at, at + 1 + random.below(60)) || ' ';
    return insertAt(text, at, stretch.repeat(random.below(Math.floor(mostCharacters / stretch.length))));
  },
  function nestDeeply(text, random) {
    const [open, close] = random.pick(
      [
        ['[', ']'],
        ['{"a":', '}'],
        ['<a>', '</a>'],
        ['(', ')'],
      ] as const,
      ['[', ']'] as const,
    );
    const depth = random.below(mostCharacters / 8);
    return open.repeat(depth) + text.slice(0, 200) + (random.oneIn(2) ? close.repeat(depth) : '');
  },
];

/** A stretch of a seed with one to six changes; in every eighth case one that fills the whole length. */
export function mutate(seed: string, random: Random): string {
  let text = stretchOf(seed, random);
  for (let left = random.below(6); left >= 0; left -= 1)
    text = random
      .pick(mutators, (same) => same)(text, random)
      .slice(0, mostCharacters);
  if (random.oneIn(8)) text = random.pick(blowUps, (same) => same)(text, random);
  return text.slice(0, mostCharacters);
}

/** Whole where it is short; else mostly some of its lines, so that a million inputs take minutes. */
function stretchOf(seed: string, random: Random): string {
  if (seed.length <= 4096 || random.oneIn(50)) return seed.slice(0, mostCharacters);
  const from = random.oneIn(2) ? 0 : seed.indexOf('\n', random.below(seed.length)) + 1;
  return seed.slice(from, from + 200 + random.below(4000));
}
