import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { languages } from '../../shared/model/settings.ts';
import { baseOf, type Catalogue, expectedKeys, isPlural, slotsOf, textsOf } from '../../shared/words/catalogue.ts';
import { createI18n } from './i18n.ts';

const here = import.meta.dirname;
/** Words of the pages, and those that the tray and the notifications share with them. */
const folders = [here, join(here, '../../shared/words')];
const folderOf = new Map(
  folders.flatMap((folder) =>
    readdirSync(join(folder, 'en'))
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name.replace('.json', ''), folder] as const),
  ),
);
const namespaces = [...folderOf.keys()];
const read = (language: string, namespace: string): ReadonlyMap<string, string> =>
  textsOf(
    JSON.parse(readFileSync(join(folderOf.get(namespace) ?? '', language, `${namespace}.json`), 'utf8')) as Catalogue,
  );

/** Names, units, signs and keys of the keyboard: what is the same in every language. */
const sameEverywhere =
  /^(Wattrun|wattrun run|GPU|CPU|PUE|PID|XID|Git|GiB|MHz|W|SM|kWh|g\/kWh|ms|Hz|°C|CO₂e?|PNG|CSV|JSON|SVG|URL|ID|ECC|NVML|MIG|WDDM|powermetrics|RAPL|Tasmota|Shelly|Home Assistant|English|简体中文|Slack|Discord|Telegram|ntfy|Webhook|Prometheus|Electricity Maps|WattTime|TLS|STARTTLS|SCI|SMTP|L\/kWh|g CO₂e\/kWh|\/path\/to\/intensity\.csv|Token|Python|Markdown|CodeCarbon emissions\.csv|BoAmps|OpenMetrics|[\d\W_])+$/u;
const isSameEverywhere = (text: string): boolean =>
  sameEverywhere.test(text.replaceAll(/\{\{[^}]+\}\}|<[^>]+>/g, '').trim()) ||
  text.replaceAll(/\{\{[^}]+\}\}/g, '').trim() === '';

describe('the catalogue of a language', () => {
  for (const language of languages.filter((one) => one !== 'en'))
    for (const namespace of namespaces) {
      const english = read('en', namespace);
      const own = read(language, namespace);

      it(`has exactly the keys of English: ${language}, ${namespace}`, () =>
        expect([...own.keys()].toSorted()).toEqual([...expectedKeys(english, language)].toSorted()));

      it(`has English’s placeholders and tags: ${language}, ${namespace}`, () => {
        const wrong = [...own].filter(([key, text]) => {
          const asked = [...english].filter(([one]) =>
            isPlural(key, own) ? baseOf(one) === baseOf(key) && isPlural(one, english) : one === key,
          );
          const [, least] = asked.find(([one]) => one === key) ?? asked.at(-1) ?? ['', ''];
          const most = new Set(asked.flatMap(([, other]) => slotsOf(other)));
          // A plural's forms may leave out its number ('one gap'), or name what another form needs not.
          const isFit = isPlural(key, own)
            ? slotsOf(text).every((slot) => most.has(slot) || slot === '{{count}}')
            : slotsOf(text).join() === slotsOf(least).join();
          return !isFit;
        });
        expect(wrong).toEqual([]);
      });

      it(`leaves nothing in English: ${language}, ${namespace}`, () => {
        const left = [...own].filter(([key, text]) => text === english.get(key) && !isSameEverywhere(text));
        expect(left).toEqual([]);
      });
    }

  for (const language of languages)
    for (const namespace of namespaces)
      it(`says something under each key: ${language}, ${namespace}`, () => {
        const empty = [...read(language, namespace)].filter(([, text]) => text.trim() === '');
        expect(empty).toEqual([]);
      });

  it('is loaded with every namespace there is', async () => {
    for (const language of languages) {
      const instance = await createI18n(language);
      for (const namespace of namespaces)
        expect(instance.hasResourceBundle(language, namespace), `${language} ${namespace}`).toBe(true);
    }
  });

  it('asks for the plural forms of each language, of which Chinese has one', () => {
    const english = new Map([
      ['run_one', '{{count}} run'],
      ['run_other', '{{count}} runs'],
      ['gap_zero', 'no gap'],
      ['gap_one', 'a gap'],
      ['gap_other', '{{count}} gaps'],
      ['title', 'Runs'],
    ]);
    expect([...expectedKeys(english, 'zh-CN')].toSorted()).toEqual(['gap_other', 'gap_zero', 'run_other', 'title']);
    expect([...expectedKeys(english, 'pl')].filter((key) => key.startsWith('run'))).toHaveLength(4);
  });

  it('sees a placeholder that is missing', () => {
    expect(slotsOf('Put <c>{{name}}</c> away')).toEqual(['</c>', '<c>', '{{name}}']);
  });
});
