import { type ReactNode, useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../app/page.tsx';
import { hrefTo, type LiveViewName, liveViews } from '../app/router.ts';
import { TopBar } from '../app/top-bar.tsx';
import { CrosshairScope } from '../charts/crosshair.tsx';
import { useConnection, useEngine, useLive } from '../connection/connection-context.tsx';
import { Button } from '../design/button.tsx';
import { Segmented } from '../design/segmented.tsx';
import { Select } from '../design/select.tsx';
import { TabLinks } from '../design/tabs.tsx';
import { useOpenMini } from '../mini/use-open-mini.ts';
import { ArrangeButton } from './arrange-button.tsx';
import { ChartsView } from './charts-view.tsx';
import { Overview } from './overview.tsx';
import { PastStrip } from './past-strip.tsx';
import { ProcessesView } from './processes-view.tsx';
import { type TimeRange, type TimeWindow, type WindowControl, type WindowKey, windowKeys } from './time-window.ts';
import { useWindowKeys } from './use-window-keys.ts';
import { chooseWindow, goLive, lookAt, useTimeWindow } from './window-store.ts';

export function LiveView({ view }: { readonly view: LiveViewName }): ReactNode {
  const { t } = useTranslation();
  const window = useTimeWindow((state) => state.window);
  const live = useLive();
  const nowMs = live?.atMs ?? null;
  const { description } = useEngine();
  const isReady = description !== null;

  const look = useCallback((range: TimeRange) => lookAt(range, nowMs ?? Date.now()), [nowMs]);
  useWindowKeys(chooseWindow, goLive);
  const openMini = useOpenMini();
  // Another engine has another past: start from now again.
  useEffect(() => {
    if (isReady) goLive();
  }, [isReady]);

  const control: WindowControl = {
    window,
    onRange: (fromMs, toMs) => look({ fromMs, toMs }),
    onReset: goLive,
  };
  return (
    <>
      <TopBar
        title={t('live.title')}
        lead={
          <TabLinks
            label={t('live.views')}
            links={liveViews.map((each) => ({
              href: hrefTo({ page: 'live', view: each }),
              label: t(`live.view.${each}`),
              isCurrent: each === view,
            }))}
          />
        }
      >
        {view === 'charts' && <ArrangeButton />}
        <WindowChoice window={window} onChoose={chooseWindow} />
        <LivePill isLive={window.kind === 'live'} onLive={goLive} />
        <Button look="ghost" icon="mini" aria-label={t('mini.openKey')} onClick={openMini} />
      </TopBar>
      <Page className={view === 'charts' ? 'fill' : ''}>
        {window.kind === 'past' && <PastStrip range={window} onReturn={goLive} />}
        {/* What one view's charts point at is not the next one's. */}
        <CrosshairScope key={view}>{contentOf(view, control)}</CrosshairScope>
      </Page>
    </>
  );
}

function contentOf(view: LiveViewName, control: WindowControl): ReactNode {
  switch (view) {
    case 'overview':
      return <Overview {...control} />;
    case 'charts':
      return <ChartsView {...control} />;
    case 'processes':
      return <ProcessesView />;
  }
}

function WindowChoice({
  window,
  onChoose,
}: {
  readonly window: TimeWindow;
  readonly onChoose: (key: WindowKey) => void;
}) {
  const { t } = useTranslation();
  const choices = windowKeys.map((key) => ({ value: key, label: t(`live.windows.${key}`) }));
  return (
    <>
      <Segmented
        className="hide-n"
        label={t('live.window')}
        choices={choices}
        value={window.kind === 'live' ? window.key : null}
        onChange={onChoose}
      />
      <Select
        className="only-n"
        look="button"
        label={t('live.window')}
        choices={choices}
        value={window.key}
        onChange={onChoose}
      />
    </>
  );
}

/** Says whether what is drawn is now; while looking back it is the way back. */
function LivePill({ isLive, onLive }: { readonly isLive: boolean; readonly onLive: () => void }): ReactNode {
  const { t } = useTranslation();
  const { status } = useConnection();
  if (!isLive)
    return (
      <button type="button" className="live off" onClick={onLive} title={t('live.past.return')}>
        {t('live.pill.past')}
      </button>
    );
  if (status === 'connected') return <span className="live">{t('live.pill.live')}</span>;
  return <span className="live lost">{t('live.pill.lost')}</span>;
}
