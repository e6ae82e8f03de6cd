/** A text made ready to be matched with each key pressed. */
export interface MatchText {
  readonly text: string;
  /** Its code points, at most `mostLetters`. */
  readonly letters: readonly string[];
  /** The same without case and accents, as numbers. */
  readonly codes: readonly number[];
  /** What a letter at this place is worth beside the match itself: word starts most. */
  readonly bonuses: readonly number[];
  /** One bit for each kind of letter in it: what lacks a bit of the query's cannot match. */
  readonly mask: number;
}

/** `places` are the indices in `letters` that were typed, ascending. */
export interface Match {
  readonly score: number;
  readonly places: readonly number[];
}

export const mostLetters = 256;
/** Longer than anything a person types to find a command. */
export const mostTyped = 64;

const matched = 16;
const startOfText = 10;
const startOfWord = 8;
const startOfPart = 6;
const consecutive = 10;
const gapOpened = 3;
const gapGoesOn = 1;
/** Letters strewn over a long name are no match: each must be worth as much, gaps taken off. */
const leastPerLetter = 10;
const none = -1_000_000;

/** One letter without its case and accents: 'É' → 'e'. */
function folded(letter: string): string {
  const code = letter.charCodeAt(0);
  if (code < 128) return letter.toLowerCase();
  return [...letter.normalize('NFD').toLowerCase()][0] ?? letter;
}

/** Most texts are of plain letters, which are folded at once. */
const isPlain = (text: string): boolean => /^[ -~]*$/.test(text);

export const foldedText = (text: string): string =>
  isPlain(text) ? text.toLowerCase() : [...text].map(folded).join('');

export const foldedCodes = (text: string): number[] => [...text].map(foldedCode);

function foldedCode(letter: string): number {
  const code = letter.charCodeAt(0);
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code;
  return folded(letter).codePointAt(0) ?? 0;
}

type Kind = 'space' | 'digit' | 'upper' | 'letter';

function kindOf(letter: string): Kind {
  const code = letter.charCodeAt(0);
  if (code < 128) {
    if (code >= 97 && code <= 122) return 'letter';
    if (code >= 48 && code <= 57) return 'digit';
    return code >= 65 && code <= 90 ? 'upper' : 'space';
  }
  if (/\p{N}/u.test(letter)) return 'digit';
  if (!/\p{L}/u.test(letter)) return 'space';
  return letter === letter.toLowerCase() ? 'letter' : 'upper';
}

function bonusAt(kind: Kind, before: Kind | undefined): number {
  if (before === undefined) return startOfText;
  if (kind === 'space') return 0;
  if (before === 'space') return startOfWord;
  if (kind === 'digit' ? before !== 'digit' : kind === 'upper' && before !== 'upper') return startOfPart;
  return 0;
}

/** What `length` letters are worth that stand together at the start of a word. */
export const wordStartScore = (length: number): number => matched * length + startOfWord + consecutive * (length - 1);

const bitOf = (code: number): number => 1 << (code & 31);
export const maskOf = (codes: readonly number[]): number => codes.reduce((mask, code) => mask | bitOf(code), 0);

export function matchText(text: string): MatchText {
  const letters = isPlain(text) ? text.slice(0, mostLetters).split('') : [...text].slice(0, mostLetters);
  const kinds = letters.map(kindOf);
  const codes = letters.map(foldedCode);
  return { text, letters, codes, bonuses: kinds.map((kind, at) => bonusAt(kind, kinds[at - 1])), mask: maskOf(codes) };
}

// Written over with every match, so that five thousand of them a key press make no garbage.
const scores = new Int32Array(mostTyped * mostLetters);
const origins = new Int16Array(mostTyped * mostLetters);

/**
 * The best way to find the typed letters in the text, in their order; null where there is none, or only a poor one. Each letter is worth 16,
 * 10 more at the start of the text, 8 at a word's, 6 at a part's ('R' in llamaRun, '3' in llama3), 10 right after the one before it; a gap costs 3 and 1 for
 * each further letter. `typed` is folded, 1 to 64 long.
 */
export function match(typed: readonly number[], target: MatchText): Match | null {
  const score = matchScore(typed, target);
  if (score === null) return null;
  const width = target.codes.length;
  const places: number[] = [];
  for (let row = typed.length - 1, at = bestOfLastRow(typed.length, width); row >= 0; row--) {
    places.unshift(at);
    at = origins[row * width + at] ?? 0;
  }
  return { score, places };
}

/** As `match`, without the places: all that sorting needs. */
export function matchScore(typed: readonly number[], target: MatchText): number | null {
  if (typed.length === 0 || typed.length > mostTyped) return null;
  if (!isWithin(typed, target.codes)) return null;
  for (let row = 0; row < typed.length; row++) scoreRow(row, typed[row] ?? 0, target);
  const width = target.codes.length;
  const score = scoreAt((typed.length - 1) * width + bestOfLastRow(typed.length, width));
  return score < leastPerLetter * typed.length ? null : score;
}

function bestOfLastRow(rows: number, width: number): number {
  const last = (rows - 1) * width;
  let best = 0;
  for (let at = 1; at < width; at++) if (scoreAt(last + at) > scoreAt(last + best)) best = at;
  return best;
}

const scoreAt = (index: number): number => scores[index] ?? none;

function isWithin(typed: readonly number[], codes: readonly number[]): boolean {
  let found = 0;
  for (let at = 0; at < codes.length && found < typed.length; at++) if (codes[at] === typed[found]) found += 1;
  return found === typed.length;
}

/** For each place in the text: the best score with the row's letter there, and where the letter before it then is. */
function scoreRow(row: number, code: number, { codes, bonuses }: MatchText): void {
  const width = codes.length;
  const here = row * width;
  if (row === 0) {
    for (let at = 0; at < width; at++) scores[at] = codes[at] === code ? matched + (bonuses[at] ?? 0) : none;
    return;
  }
  const above = here - width;
  let behindGap = none;
  let behindGapAt = 0;
  for (let at = 0; at < width; at++) {
    if (at > 1) {
      behindGap -= gapGoesOn;
      const opened = scoreAt(above + at - 2) - gapOpened;
      if (opened > behindGap) {
        behindGap = opened;
        behindGapAt = at - 2;
      }
    }
    if (codes[at] !== code) {
      scores[here + at] = none;
      continue;
    }
    const bonus = bonuses[at] ?? 0;
    const after = at === 0 ? none : scoreAt(above + at - 1) + Math.max(bonus, consecutive);
    const apart = behindGap + bonus;
    scores[here + at] = Math.max(none, Math.max(after, apart) + matched);
    origins[here + at] = after >= apart ? at - 1 : behindGapAt;
  }
}
