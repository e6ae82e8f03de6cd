import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en.json' with { type: 'json' };
import enPalette from './en-palette.json' with { type: 'json' };
import enViews from './en-views.json' with { type: 'json' };

export const languages = ['en'] as const;

/** 'app' holds the shell's and Live's words, 'views' those of the other pages, 'palette' those of commands and keys. */
export async function createI18n(): Promise<i18n> {
  const instance = i18next.createInstance();
  await instance.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    supportedLngs: languages,
    ns: ['app', 'views', 'palette'],
    defaultNS: 'app',
    resources: { en: { app: en, views: enViews, palette: enPalette } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  return instance;
}
