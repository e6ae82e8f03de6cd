import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baseOf, type Catalogue, textsOf } from '../../shared/words/catalogue.ts';
import { type CodeText, textsOfSource } from './source-texts.ts';

const root = join(import.meta.dirname, '../..');
// The statement's words are the pages' own, asked for by the text that reports share with them.
const paths = globSync(['renderer/**/*.{ts,tsx}', 'shared/format/statement.ts'], { cwd: root })
  .filter((path) => !/\.test\.|renderer\/(dev|i18n)\/|-fixtures?\.ts|\.d\.ts/.test(path))
  .toSorted();
const files = paths.map((path) => ({ path, texts: textsOfSource(path, readFileSync(join(root, path), 'utf8')) }));
const namespaces = globSync(['renderer/i18n/en/*.json', 'shared/words/en/*.json'], { cwd: root }).map(
  (path) => [/(\w+)\.json$/.exec(path)?.[1] ?? '', JSON.parse(readFileSync(join(root, path), 'utf8'))] as const,
);
const catalogues = new Map(namespaces.map(([name, catalogue]) => [name, textsOf(catalogue as Catalogue)]));
const allKeys = new Set([...catalogues.values()].flatMap((texts) => [...texts.keys()].map(baseOf)));

/** Attributes that a person reads or hears. */
const spoken = new Set([
  '<>',
  'aria-label',
  'title',
  'placeholder',
  'alt',
  'label',
  'aria-description',
  'hint',
  'aria-roledescription',
]);
/** Names, commands, units and keys: the same in every language. */
const names =
  /^(Wattrun|wattrun( run( --)?)?|GPU|CPU|PUE|RAPL|NVML|kWh|Wh|MWh|Ctrl|Shift|Space|Esc|Enter|Tab|Del|Home|End|PgUp|PgDn|kW|SM|°C|http:\/\/\S+|sensor\.\w+|wattrun: .*|CO₂e?|g\/kWh|g CO₂e\/kWh|min|max|python [\w.]+)$/;
/** Two letters on end, outside what is filled in: a word. */
const isWord = (text: string): boolean => /\p{L}{2,}/u.test(text);

const shown = ({ text, holder }: CodeText): boolean => {
  const trimmed = text.trim();
  return (
    spoken.has(holder) && isWord(trimmed) && !names.test(trimmed) && !allKeys.has(trimmed) && !isCode(trimmed, holder)
  );
};
/** Keys built of parts ('live.window.…'), class names and choices: no spaces, or small letters with signs. */
const isCode = (text: string, holder: string): boolean =>
  holder !== '<>' ? !/\s/.test(text) && /^[a-z…]/.test(text) : /^[a-z][\w.…-]*$/.test(text) && /[.…]/.test(text);

describe('the words of the pages', () => {
  it('stand in the catalogues, none between tags or in an attribute that is read out', () => {
    const left = files.flatMap(({ path, texts }) =>
      texts.filter(shown).map(({ line, text, holder }) => `${path}:${line} ${holder} ${text.trim()}`),
    );
    expect(left).toEqual([]);
  });

  it('are there for each key that the code names', () => {
    const asked = files.flatMap(({ path, texts }) =>
      texts
        .filter(({ holder, text }) => /^(t|words|tell)$/.test(holder) && !text.includes('…') && text !== '')
        .map(({ text, line }) => ({ key: text.replace(/^\w+:/, ''), where: `${path}:${line}` })),
    );
    expect(asked.length).toBeGreaterThan(300);
    expect(asked.filter(({ key }) => !allKeys.has(key)).map(({ key, where }) => `${where} ${key}`)).toEqual([]);
  });

  it('are all in use', () => {
    const literals = new Set(files.flatMap(({ texts }) => texts.map(({ text }) => text.replace(/^\w+:/, ''))));
    const built = [...literals].filter((text) => /^\w[\w.-]*[._].*…/.test(text)).map(patternOf);
    const unused = [...catalogues]
      // The engine's own are found by its texts and ids.
      .filter(([name]) => name !== 'engine')
      .flatMap(([name, texts]) =>
        [...texts.keys()]
          .map(baseOf)
          .filter((key) => !literals.has(key) && !built.some((pattern) => pattern.test(key)))
          .map((key) => `${name}:${key}`),
      );
    expect([...new Set(unused)]).toEqual([]);
  });

  it('would be found where somebody wrote them into a page', () => {
    const texts = textsOfSource(
      'x.tsx',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template of the code that is read
      'const x = <p title={a ? "Not so good" : t("a.b")} className="two words">Hello <b>{`${n} runs`}</b></p>;',
    );
    expect(texts.filter(shown).map(({ text }) => text.trim())).toEqual(['Not so good', 'Hello', '… runs']);
  });
});

function patternOf(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replaceAll(/[.*+?^$()|[\]\\{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^.]+(?:\\.[^.]+)*')}$`);
}
