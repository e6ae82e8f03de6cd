import { languages, type Settings } from '../../shared/model/settings.ts';

export type Language = (typeof languages)[number];

/** The language of a setting: the first of the system's that there is, where that is asked for; English where there is none. */
export function languageFor(setting: Settings['language'], wanted: readonly string[]): Language {
  if (setting !== 'system') return setting;
  for (const locale of wanted) {
    const subtag = locale.toLowerCase().split('-')[0];
    const found = languages.find((language) => language.toLowerCase().split('-')[0] === subtag);
    if (found !== undefined) return found;
  }
  return 'en';
}

const isLanguage = (text: string | null): text is Language => languages.some((language) => language === text);

/** `?language=zh-CN` in the address wins over the setting: for pictures and for trying. */
export function languageOverride(search: string): Language | null {
  const asked = new URLSearchParams(search).get('language');
  return isLanguage(asked) ? asked : null;
}
