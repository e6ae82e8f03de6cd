export interface ComparedWord {
  readonly text: string;
  /** The reference does not have it here. */
  readonly isDifferent: boolean;
}

/** Pairs of words that are looked at before the middle of two very long texts is called different as a whole. */
const mostPairs = 1_000_000;

/**
 * Marks the words of a text that the reference does not have in the same order, by their longest common subsequence. A command's
 * words are its arguments.
 */
export function compareWords(words: readonly string[], reference: readonly string[]): readonly ComparedWord[] {
  const shortest = Math.min(words.length, reference.length);
  let head = 0;
  while (head < shortest && words[head] === reference[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && words.at(-1 - tail) === reference.at(-1 - tail)) tail += 1;
  const middle = words.slice(head, words.length - tail);
  const kept = commonIndexes(middle, reference.slice(head, reference.length - tail));
  return words.map((text, index) => {
    const isInMiddle = index >= head && index < words.length - tail;
    return { text, isDifferent: isInMiddle && !kept.has(index - head) };
  });
}

/** Indexes of `words` that are part of the longest common subsequence with `others`. */
function commonIndexes(words: readonly string[], others: readonly string[]): ReadonlySet<number> {
  if (words.length * others.length > mostPairs) return new Set();
  const width = others.length + 1;
  // lengths[i × width + j]: how many words the ends from i and from j have in common.
  const lengths = new Uint32Array((words.length + 1) * width);
  for (let i = words.length - 1; i >= 0; i -= 1)
    for (let j = others.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        words[i] === others[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
  const kept = new Set<number>();
  for (let i = 0, j = 0; i < words.length && j < others.length; )
    if (words[i] === others[j]) {
      kept.add(i);
      i += 1;
      j += 1;
    } else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i += 1;
    else j += 1;
  return kept;
}
