import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../app/page.tsx';
import { hrefTo } from '../app/router.ts';
import { TopBar } from '../app/top-bar.tsx';
import { CrosshairScope } from '../charts/crosshair.tsx';
import { useConnection, useEngine, useLive } from '../connection/connection-context.tsx';
import { Segmented } from '../design/segmented.tsx';
import { Select } from '../design/select.tsx';
import { TabLinks } from '../design/tabs.tsx';
import { ChartsView } from './charts-view.tsx';
import { Overview } from './overview.tsx';
import { PastStrip } from './past-strip.tsx';
import {
  lookBack,
  type TimeRange,
  type TimeWindow,
  type WindowControl,
  type WindowKey,
  windowKeys,
} from './time-window.ts';
import { useWindowKeys } from './use-window-keys.ts';

export function LiveView({ view }: { readonly view: 'overview' | 'charts' }): ReactNode {
  const { t } = useTranslation();
  const [window, setWindow] = useState<TimeWindow>(() => ({ kind: 'live', key: storedKey() }));
  const live = useLive();
  const nowMs = live?.atMs ?? null;
  const { description } = useEngine();
  const isReady = description !== null;

  const goLive = useCallback(() => setWindow((before) => ({ kind: 'live', key: before.key })), []);
  const choose = useCallback((key: WindowKey) => {
    localStorage.setItem(storageKey, key);
    setWindow({ kind: 'live', key });
  }, []);
  const look = useCallback(
    (range: TimeRange) => setWindow((before) => lookBack(before, range, nowMs ?? Date.now())),
    [nowMs],
  );
  useWindowKeys(choose, goLive);
  // Another engine has another past: start from now again.
  useEffect(() => {
    if (isReady) goLive();
  }, [isReady, goLive]);

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
            links={(['overview', 'charts'] as const).map((each) => ({
              href: hrefTo({ page: 'live', view: each }),
              label: t(`live.${each}`),
              isCurrent: each === view,
            }))}
          />
        }
      >
        <WindowChoice window={window} onChoose={choose} />
        <LivePill isLive={window.kind === 'live'} onLive={goLive} />
      </TopBar>
      <Page className={view === 'charts' ? 'fill' : ''}>
        {window.kind === 'past' && <PastStrip range={window} onReturn={goLive} />}
        <CrosshairScope>{view === 'charts' ? <ChartsView {...control} /> : <Overview {...control} />}</CrosshairScope>
      </Page>
    </>
  );
}

const storageKey = 'wattrun.window';

function storedKey(): WindowKey {
  const stored = localStorage.getItem(storageKey);
  return windowKeys.find((key) => key === stored) ?? '15m';
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
