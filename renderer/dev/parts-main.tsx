import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { AnnouncerProvider } from '../app/announcer.tsx';
import { firstLanguage } from '../app/language.ts';
import { applyFirstTheme } from '../app/theme.ts';
import { ConnectionProvider } from '../connection/connection-context.tsx';
import { connectEngine } from '../connection/engine-connection.ts';
import '../design/styles.css';
import { TipProvider } from '../design/tip.tsx';
import { createI18n } from '../i18n/i18n.ts';
import { ChartSamples } from './chart-samples.tsx';
import { openFakeEngine } from './fake-engine.ts';
import './parts.css';
import { PartSamples } from './part-samples.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
applyFirstTheme();
const i18n = await createI18n(firstLanguage());
const connection = connectEngine({ host: null, open: async () => openFakeEngine({ scenario: 'training' }) });
createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={i18n}>
      <ConnectionProvider connection={connection}>
        <TipProvider>
          <AnnouncerProvider>
            <main className="cpn">
              <PartSamples />
              <ChartSamples />
            </main>
          </AnnouncerProvider>
        </TipProvider>
      </ConnectionProvider>
    </I18nextProvider>
  </StrictMode>,
);
