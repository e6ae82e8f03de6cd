import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { languages } from '../../shared/model/settings.ts';
import enApp from './en/app.json' with { type: 'json' };
import enPalette from './en/palette.json' with { type: 'json' };
import enProgress from './en/progress.json' with { type: 'json' };
import enViews from './en/views.json' with { type: 'json' };
import type { Language } from './languages.ts';

/** English is always there, for it is what stands in; another language comes when it is asked for. */
const loaders = {
  'zh-CN': () => import('./zh-CN/index.ts').then((words) => words.zhCN),
} as const satisfies Record<Exclude<Language, 'en'>, unknown>;

/** 'app' holds the shell's and Live's words, 'views' those of the other pages, 'palette' those of commands and keys, 'progress' those of steps and epochs. */
export async function createI18n(language: Language = 'en'): Promise<i18n> {
  const instance = i18next.createInstance();
  await instance.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    supportedLngs: languages,
    ns: ['app', 'views', 'palette', 'progress'],
    defaultNS: 'app',
    resources: { en: { app: enApp, views: enViews, palette: enPalette, progress: enProgress } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await speak(instance, language);
  return instance;
}

/** Loads a language's words where they are not here yet, and speaks it from then on. */
export async function speak(instance: i18n, language: Language): Promise<void> {
  if (language !== 'en' && !instance.hasResourceBundle(language, 'app')) {
    const words = await loaders[language]();
    for (const [namespace, bundle] of Object.entries(words)) instance.addResourceBundle(language, namespace, bundle);
  }
  await instance.changeLanguage(language);
}
