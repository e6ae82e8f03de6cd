import { useCallback, useEffect } from 'react';
import { GlobalStrips } from '../app/global-strips.tsx';
import { navigate } from '../app/router.ts';
import { useEngine, useLive, useSettings } from '../connection/connection-context.tsx';
import { Button } from '../design/button.tsx';
import { CommandLine } from '../design/command-line.tsx';
import { Logo } from '../design/icon.tsx';
import { Keys } from '../design/menu.tsx';
import { useSaveSettings } from '../settings/use-save-settings.ts';
import { useWelcomeWords } from './use-welcome-words.ts';
import './welcome.css';
import { FoundSection } from './found-section.tsx';
import { NowAside } from './now-aside.tsx';
import { PlaceAndPrice } from './place-and-price.tsx';
import { endWelcome } from './welcome-store.ts';

const command = 'wattrun run -- python train.py';

/** The first minute: what was found, where the machine stands and what a kWh costs there, and how a run is measured. */
export function WelcomeView() {
  const { t } = useWelcomeWords();
  const settings = useSettings();
  const { description, request } = useEngine();
  const { save, errorCode } = useSaveSettings();
  const isWelcomed = settings?.isWelcomed === true;
  const end = useCallback(() => {
    endWelcome();
    if (!isWelcomed) save({ isWelcomed: true });
    navigate({ page: 'live', view: 'overview' });
  }, [isWelcomed, save]);
  useEndKeys(end);
  return (
    <div className="wc">
      <header className="wc-top">
        <Logo />
        <b>{t('name')}</b>
      </header>
      <main className="wc-body" id="content" tabIndex={-1}>
        <GlobalStrips />
        <div className="wc-cols">
          <NowAside />
          <div className="wc-form">
            <h1>{t('title')}</h1>
            <FoundSection />
            {settings !== null && <PlaceAndPrice settings={settings} save={save} errorCode={errorCode} />}
            <MeasureSection />
            <footer className="wc-end">
              {description?.canDemo === true && (
                <Button look="ghost" onClick={() => void request('demo.enter', {})}>
                  {t('demo')}
                </Button>
              )}
              <span className="grow" />
              <Button onClick={end}>
                {t('later')} <Keys keys={['Esc']} />
              </Button>
              <Button look="primary" className="wc-start" onClick={end}>
                {t('start')} <Keys keys={['Enter']} />
              </Button>
            </footer>
          </div>
        </div>
      </main>
    </div>
  );
}

function MeasureSection() {
  const { t } = useWelcomeWords();
  const isFinding = useSettings()?.isFindingRuns === true;
  const running = useLive()?.runs.filter((run) => run.status === 'running') ?? [];
  return (
    <section aria-labelledby="wc-run">
      <h2 id="wc-run">
        <span className="wc-no">3</span>
        {t('run.title')}
      </h2>
      <CommandLine command={command} />
      <p className="q">
        {t(isFinding ? 'run.found' : 'run.notFound')}{' '}
        {running.length > 0 && t('run.on', { count: running.length, name: running.map((run) => run.name).join(', ') })}
      </p>
    </section>
  );
}

/** Escape and Enter end it, unless something that has the focus takes them for itself. */
function useEndKeys(end: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const isInControl =
        event.target instanceof Element &&
        event.target.closest('input,select,textarea,button,a,summary,[role="listbox"],[role="dialog"]') !== null;
      const isTyping = event.target instanceof Element && event.target.closest('input,[role="dialog"]') !== null;
      if ((event.key === 'Escape' && !isTyping) || (event.key === 'Enter' && !isInControl)) {
        event.preventDefault();
        end();
      }
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [end]);
}
