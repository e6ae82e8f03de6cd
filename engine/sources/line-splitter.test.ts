import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter } from './line-splitter.ts';

describe('createLineSplitter', () => {
  const split = (chunks: readonly string[], mostCharacters?: number): readonly string[] => {
    const lines: string[] = [];
    const take = createLineSplitter((line) => lines.push(line), mostCharacters);
    for (const chunk of chunks) take(chunk);
    return lines;
  };

  it('puts a line together from its pieces and keeps what is not yet ended', () =>
    expect(split(['ab', 'c\nde', '\n\nfg'])).toEqual(['abc', 'de', '']));

  it('drops a line that never ends instead of growing for ever, and its tail with it', () => {
    expect(split(['x'.repeat(11), 'yz\n', 'ok\n'], 10)).toEqual(['ok']);
    // Cut elsewhere, or not at all, it is the same line: too long.
    expect(split([`${'x'.repeat(11)}yz\nok\n`], 10)).toEqual(['ok']);
    expect(split(['x'.repeat(10), '\nok\n'], 10)).toEqual(['x'.repeat(10), 'ok']);
  });

  it('gives the same lines wherever the text is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string().map((text) => text.replaceAll('\n', ' '))),
        fc.array(fc.nat({ max: 200 })),
        (lines, cuts) => {
          const text = lines.map((line) => `${line}\n`).join('');
          const edges = [...new Set([0, ...cuts.filter((cut) => cut < text.length), text.length])].sort(
            (a, b) => a - b,
          );
          const chunks = edges.slice(1).map((edge, i) => text.slice(edges[i], edge));
          expect(split(chunks)).toEqual(lines);
        },
      ),
    );
  });
});
