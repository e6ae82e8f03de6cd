import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine, useSettings } from '../connection/connection-context.tsx';
import { MiniView } from '../mini/mini-view.tsx';
import { isWelcomeShown, useWelcomeAgain } from '../welcome/welcome-store.ts';
import { WelcomeView } from '../welcome/welcome-view.tsx';
import { App } from './app.tsx';
import { useLanguage } from './language.ts';
import { useRoute } from './router.ts';
import { useTheme } from './theme.ts';

/** The app, or the mini window: which of them a document is does not change. */
export function Root(): ReactNode {
  const route = useRoute();
  const settings = useSettings();
  const isSimulated = useEngine().description?.isSimulated === true;
  const isAsked = useWelcomeAgain((state) => state.isAsked);
  if (route.page === 'mini') return <Mini />;
  return isWelcomeShown(settings, isSimulated, isAsked) ? <Welcome /> : <App />;
}

function Welcome(): ReactNode {
  const { t } = useTranslation('welcome');
  useTheme();
  useLanguage();
  useEffect(() => {
    document.title = `${t('page')} · Wattrun`;
  }, [t]);
  return <WelcomeView />;
}

function Mini(): ReactNode {
  useTheme();
  return <MiniView />;
}
