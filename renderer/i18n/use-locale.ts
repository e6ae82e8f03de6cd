import { useTranslation } from 'react-i18next';

/** The locale numbers and times are written in: the user's own kind of the language shown ('en-GB' for 'en'). */
export function useLocale(): string {
  const { i18n } = useTranslation();
  return localeFor(i18n.language, navigator.languages);
}

export function localeFor(language: string, wanted: readonly string[]): string {
  return wanted.find((locale) => locale === language || locale.startsWith(`${language}-`)) ?? language;
}
