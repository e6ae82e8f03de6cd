import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { ConnectionProvider } from '../connection/connection-context.tsx';
import type { EngineConnection } from '../connection/engine-connection.ts';
import { TipProvider } from '../design/tip.tsx';
import { createI18n } from '../i18n/i18n.ts';
import { AnnouncerProvider } from './announcer.tsx';
import { firstLanguage } from './language.ts';
import { Root } from './root.tsx';
import { applyFirstTheme } from './theme.ts';

/** Draws the app over one connection into `#root`. */
export async function renderApp(connection: EngineConnection): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('The page has no #root.');
  applyFirstTheme();
  const i18n = await createI18n(firstLanguage());
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={i18n}>
        <ConnectionProvider connection={connection}>
          <TipProvider>
            <AnnouncerProvider>
              <Root />
            </AnnouncerProvider>
          </TipProvider>
        </ConnectionProvider>
      </I18nextProvider>
    </StrictMode>,
  );
}
