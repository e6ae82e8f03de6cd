import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { languages } from '../../shared/model/settings.ts';
import { createI18n } from './i18n.ts';

type Words = { readonly [key: string]: string | Words };

const folder = import.meta.dirname;
const rendererFolder = join(folder, '..');

const read = (language: string, file: string): ReadonlyMap<string, string> =>
  new Map(flat(JSON.parse(readFileSync(join(folder, language, file), 'utf8')) as Words));

function flat(words: Words, before = ''): readonly (readonly [string, string])[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[before + key, value] as const] : flat(value, `${before}${key}.`),
  );
}

const filesOf = (language: string): readonly string[] =>
  readdirSync(join(folder, language)).filter((name) => name.endsWith('.json'));

const pluralForms = /_(zero|one|two|few|many|other)$/;
const stem = (key: string): string => key.replace(pluralForms, '');

/** What a translation must keep: `{{name}}` and `<tag>`. */
const marks = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{\{\s*(\w+)[^}]*\}\}|<\/?\w+>/g)].map(([whole]) => whole))].toSorted();

const others = languages.filter((language) => language !== 'en');

describe.each(others)('the words in %s', (language) => {
  it.each(filesOf('en'))('%s has every key, in the plural forms that the language has', (file) => {
    const english = read('en', file);
    const words = read(language, file);
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const wanted = new Set(
      [...english.keys()].flatMap((key) =>
        pluralForms.test(key) && !key.endsWith('_zero') ? forms.map((form) => `${stem(key)}_${form}`) : [key],
      ),
    );
    expect([...words.keys()].toSorted()).toEqual([...wanted].toSorted());
  });

  it.each(filesOf('en'))('%s keeps what is filled in, and says something', (file) => {
    const english = read('en', file);
    const wrong = [...read(language, file)].filter(([key, text]) => {
      const source = english.get(key) ?? english.get(`${stem(key)}_other`) ?? '';
      return text.trim() === '' || marks(text).join() !== marks(source).join();
    });
    expect(wrong).toEqual([]);
  });

  it.each(filesOf('en'))('%s is translated: what has two words of English has not stayed as it was', (file) => {
    const english = read('en', file);
    const names = /^(wattrun run|Home Assistant)$/;
    const same = [...read(language, file)].filter(
      ([key, text]) => text === english.get(key) && /[a-z]{2,} [a-z]{2,}/i.test(text) && !names.test(text),
    );
    expect(same).toEqual([]);
  });
});

it('every file of words is known to i18next in every language', async () => {
  const namespaces = filesOf('en').map((name) => name.replace('.json', ''));
  for (const language of languages) {
    const i18n = await createI18n(language);
    for (const namespace of namespaces) expect(i18n.hasResourceBundle(language, namespace), namespace).toBe(true);
  }
});

it('every key that the code names with its whole path is there', () => {
  const known = new Set(
    filesOf('en').flatMap((file) => [...read('en', file).keys()].flatMap((key) => [key, stem(key)])),
  );
  const unknown = sources(rendererFolder).flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\bt\(\s*'(?:\w+:)?([\w-]+(?:\.[\w-]+)+)'/g)]
      .map((match) => match[1] ?? '')
      .filter((key) => !known.has(key))
      .map((key) => `${path.slice(rendererFolder.length)}: ${key}`),
  );
  expect(unknown).toEqual([]);
});

function sources(at: string): readonly string[] {
  return readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
    const path = join(at, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
