import { type Catalogue, textsOf } from './catalogue.ts';

/** The words of one language for what the engine says in English. */
export interface EngineWords {
  /** By a stable key: 'source.nvml.label', 'error.store/full'. Null: there is none. */
  lookup(key: string): string | null;
  /** A whole English text of the engine's in this language; the text itself where no template fits it. */
  text(english: string): string;
  /** A country by its ISO 3166 alpha-3 code; the engine's own name where the code is of none. */
  region(code: string, name: string): string;
}

interface Template {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly target: string;
}

const slot = /\{\{(\w+)\}\}/g;
const escaped = (text: string): string => text.replaceAll(/[.*+?^$()|[\]\\{}]/g, '\\$&');

/** The longest text a template is held against: what is longer is data. */
const mostLetters = 600;

/**
 * What the engine says is English with numbers and names filled in; its templates stand in `en/engine.json` and `en/rules.json`, and what was filled in is found again by
 * them. So the wire and the record stay as they are, and what was recorded before a language was chosen is told in it too.
 */
export function createEngineWords(
  english: Catalogue,
  own: Catalogue,
  region: (code: string, name: string) => string,
): EngineWords {
  const targets = textsOf(own);
  const sources = [...textsOf(english)].filter(([key]) => !key.startsWith('error.'));
  const exact = new Map(sources.filter(([, text]) => !text.includes('{{')).map(([key, text]) => [text, key]));
  const templates = sources
    .filter(([, text]) => text.includes('{{'))
    .toSorted(([, one], [, other]) => other.replaceAll(slot, '').length - one.replaceAll(slot, '').length)
    .map(([key, text]) => templateOf(text, targets.get(key) ?? text));
  const lookup = (key: string): string | null => targets.get(key) ?? null;

  function whole(text: string): string | null {
    const key = exact.get(text);
    if (key !== undefined) return lookup(key);
    for (const { pattern, names, target } of templates) {
      const found = pattern.exec(text);
      if (found === null) continue;
      const values = new Map(names.map((name, index) => [name, found[index + 1] ?? '']));
      return target.replaceAll(slot, (_, name: string) => words.text(values.get(name) ?? ''));
    }
    return null;
  }

  const words: EngineWords = {
    lookup,
    region,
    text(text) {
      if (text.length > mostLetters) return text;
      const known = whole(text);
      if (known !== null) return known;
      const sentences = text.split(/(?<=\.) (?=[A-Z])/);
      if (sentences.length < 2) return text;
      return sentences
        .map((sentence) => whole(sentence) ?? `${sentence} `)
        .join('')
        .trim();
    },
  };
  return words;
}

function templateOf(text: string, target: string): Template {
  const names = [...text.matchAll(slot)].map(([, name = '']) => name);
  const parts = text.split(/\{\{\w+\}\}/).map(escaped);
  return { pattern: new RegExp(`^${parts.join('(.+?)')}$`, 's'), names, target };
}
