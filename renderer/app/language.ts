import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useHost, useSettings } from '../connection/connection-context.tsx';
import { speak } from '../i18n/i18n.ts';
import { type Language, languageFor, languageOverride } from '../i18n/languages.ts';

const keptKey = 'wattrun.language';

function applyLanguage(language: Language): void {
  document.documentElement.lang = language;
}

/** Before the engine's settings are known: what was shown the last time, else what the system wants. */
export function firstLanguage(): Language {
  const kept = localStorage.getItem(keptKey);
  const setting = kept === 'en' || kept === 'zh-CN' ? kept : 'system';
  const language = languageOverride(location.search) ?? languageFor(setting, navigator.languages);
  applyLanguage(language);
  return language;
}

/** Keeps the page's words, and those of the shell around it, in the language that the settings ask for. */
export function useLanguage(): void {
  const { i18n } = useTranslation();
  const setting = useSettings()?.language ?? null;
  const host = useHost();
  useEffect(() => {
    if (setting === null) return;
    const language = languageOverride(location.search) ?? languageFor(setting, navigator.languages);
    localStorage.setItem(keptKey, language);
    applyLanguage(language);
    if (i18n.language !== language) void speak(i18n, language);
  }, [setting, i18n]);
  useEffect(() => {
    // A shell that is closing may not answer; its menus then keep the words they have.
    if (setting !== null) host?.request('host.setLanguage', { language: setting }).catch(() => undefined);
  }, [host, setting]);
}
