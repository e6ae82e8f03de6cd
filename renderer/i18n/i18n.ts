import i18next, { type FormatterModule, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { languages } from '../../shared/model/settings.ts';
import { engineWordsIn } from '../../shared/words/engine-sentences.ts';
import type { EngineWords } from '../../shared/words/engine-text.ts';
import { type SharedWords, english as shared } from '../../shared/words/english.ts';
import enAlerts from './en/alerts.json' with { type: 'json' };
import enApp from './en/app.json' with { type: 'json' };
import enCarbon from './en/carbon.json' with { type: 'json' };
import enCharts from './en/charts.json' with { type: 'json' };
import enDesktop from './en/desktop.json' with { type: 'json' };
import enPalette from './en/palette.json' with { type: 'json' };
import enProgress from './en/progress.json' with { type: 'json' };
import enProjects from './en/projects.json' with { type: 'json' };
import enRecords from './en/records.json' with { type: 'json' };
import enReports from './en/reports.json' with { type: 'json' };
import enViews from './en/views.json' with { type: 'json' };
import enWelcome from './en/welcome.json' with { type: 'json' };
import type { Language } from './languages.ts';
import { regionNames } from './region-names.ts';

/** 'app' holds the shell's and Live's words, 'views' those of the other pages, the rest those of one area each. */
const english = {
  alerts: enAlerts,
  app: enApp,
  carbon: enCarbon,
  charts: enCharts,
  desktop: enDesktop,
  engine: shared.engine,
  palette: enPalette,
  progress: enProgress,
  projects: enProjects,
  records: enRecords,
  reports: enReports,
  rules: shared.rules,
  views: enViews,
  welcome: enWelcome,
} as const;

/** English is always there, for it is what stands in; another language comes when it is asked for. */
const loaders = {
  'zh-CN': () => import('./zh-CN/index.ts').then((words) => words.zhCN),
} as const satisfies Record<Exclude<Language, 'en'>, unknown>;

export async function createI18n(language: Language = 'en'): Promise<i18n> {
  const instance = i18next.createInstance();
  await instance
    .use(initReactI18next)
    .use(codeFormatter(instance))
    .init({
      lng: 'en',
      fallbackLng: 'en',
      supportedLngs: languages,
      ns: Object.keys(english),
      defaultNS: 'app',
      resources: { en: english },
      interpolation: { escapeValue: false, alwaysFormat: true },
      returnNull: false,
    });
  await speak(instance, language);
  return instance;
}

/** A stable error code is told in words wherever a text names one as {{code}}: 'the disk is full (store/full)'. */
const codeFormatter = (instance: i18n): FormatterModule => ({
  type: 'formatter',
  init: () => undefined,
  add: () => undefined,
  addCached: () => undefined,
  format(value: unknown, _format, language, options) {
    if (options?.interpolationkey !== 'code' || typeof value !== 'string') return value as string;
    const key = `error.${value}`;
    const known: unknown =
      instance.getResource(language ?? 'en', 'engine', key) ?? instance.getResource('en', 'engine', key);
    return typeof known === 'string' ? `${known} (${value})` : value;
  },
});

/** What turns the engine's English into the language spoken now; null where that is English. */
export function engineWordsOf(instance: i18n): EngineWords | null {
  const { language } = instance;
  if (language === 'en') return null;
  const engine = instance.getResourceBundle(language, 'engine') as SharedWords['engine'] | undefined;
  const rules = instance.getResourceBundle(language, 'rules') as SharedWords['rules'] | undefined;
  if (engine === undefined || rules === undefined) return null;
  const known = engineWords.get(engine);
  if (known !== undefined) return known;
  const made = engineWordsIn({ engine, rules }, regionNames(language, engine));
  engineWords.set(engine, made);
  return made;
}

/** A country's name in the language spoken now, where the engine's own table is not at hand; a code that is no country stays. */
export function regionNameOf(instance: i18n, code: string): string {
  const own = instance.getResourceBundle(instance.language, 'engine') as SharedWords['engine'] | undefined;
  return regionNames(instance.language, own ?? {})(code, code);
}

const engineWords = new WeakMap<object, EngineWords>();

/** Loads a language's words where they are not here yet, and speaks it from then on. */
export async function speak(instance: i18n, language: Language): Promise<void> {
  if (language !== 'en' && !instance.hasResourceBundle(language, 'app')) {
    const words = await loaders[language]();
    for (const [namespace, bundle] of Object.entries(words)) instance.addResourceBundle(language, namespace, bundle);
  }
  await instance.changeLanguage(language);
}
