/** A catalogue of words as it lies in a file: texts, in groups as deep as one likes. */
export interface Catalogue {
  readonly [key: string]: string | Catalogue;
}

/** Every text by its full key: 'runs.column.status'. */
export function textsOf(catalogue: Catalogue, prefix = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(catalogue).flatMap(([key, value]): readonly (readonly [string, string])[] =>
      typeof value === 'string' ? [[`${prefix}${key}`, value]] : [...textsOf(value, `${prefix}${key}.`)],
    ),
  );
}

const pluralForms = /_(zero|one|two|few|many|other)$/;

export const baseOf = (key: string): string => key.replace(pluralForms, '');

export const isPlural = (key: string, texts: ReadonlyMap<string, string>): boolean =>
  pluralForms.test(key) && texts.has(`${baseOf(key)}_other`);

/** The keys a language must have for those of English: each plural in the forms that this language tells apart, and none besides. */
export function expectedKeys(english: ReadonlyMap<string, string>, language: string): ReadonlySet<string> {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const keys = new Set<string>();
  for (const key of english.keys()) {
    if (!isPlural(key, english)) keys.add(key);
    else {
      for (const form of forms) keys.add(`${baseOf(key)}_${form}`);
      // What i18next reads for a count of none, beside the language's own forms.
      if (key.endsWith('_zero')) keys.add(key);
    }
  }
  return keys;
}

/** Placeholders and tags of a text, each once, in alphabetical order: ['<c>', '{{name}}']. */
export function slotsOf(text: string): readonly string[] {
  return [...new Set(text.match(/\{\{[^}]+\}\}|<\/?[a-z][^>]*>/g) ?? [])].toSorted();
}
