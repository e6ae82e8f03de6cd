import { eastAsianWidth } from 'get-east-asian-width';

/** Made when it is asked for: it takes a hundredth of a second, and most names are ASCII. */
let segmenter: Intl.Segmenter | null = null;

function clustersOf(text: string): readonly string[] {
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

const isAscii = (text: string): boolean => /^[ -~]*$/.test(text);

/** What is drawn onto or between other characters, or not at all. */
const isDrawn = (character: string): boolean => !/[\p{M}\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/u.test(character);

/** Columns of one character as people see it. An emoji is one, however many code points it is made of. */
function clusterColumns(cluster: string): number {
  if (/^(?:\p{Emoji_Presentation}|\p{Emoji}\ufe0f)/u.test(cluster)) return 2;
  return [...cluster]
    .filter(isDrawn)
    .reduce((sum, character) => sum + eastAsianWidth(character.codePointAt(0) ?? 0, { ambiguousAsWide: false }), 0);
}

/** How many columns of a terminal a text takes: two for a wide letter of East Asia and an emoji, none for a combining mark (Unicode's UAX #11 and #29). */
export function textColumns(text: string): number {
  if (isAscii(text)) return text.length;
  // Hangul that is written as its parts is drawn as a syllable.
  return clustersOf(text.normalize('NFC')).reduce((sum, cluster) => sum + clusterColumns(cluster), 0);
}

/** A text with blanks up to so many columns: after it, or before it where numbers end in one line. */
export function padText(text: string, columns: number, side: 'after' | 'before' = 'after'): string {
  const blanks = ' '.repeat(Math.max(0, columns - textColumns(text)));
  return side === 'after' ? `${text}${blanks}` : `${blanks}${text}`;
}

/** A text of so many columns at most: where it is longer, its beginning and '…'. */
export function cutText(text: string, columns: number): string {
  if (textColumns(text) <= columns) return text;
  let kept = '';
  let left = columns - 1;
  for (const cluster of clustersOf(text)) {
    left -= textColumns(cluster);
    if (left < 0) break;
    kept += cluster;
  }
  return `${kept}…`;
}
