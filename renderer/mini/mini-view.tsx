import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatEnergy } from '../../shared/format/energy.ts';
import { formatMoney } from '../../shared/format/money.ts';
import { formatPower, formatPowerWithBounds } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { LiveRun, LiveState } from '../../shared/model/live.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { hrefTo } from '../app/router.ts';
import { useNow } from '../app/use-now.ts';
import { CrosshairScope } from '../charts/crosshair.tsx';
import { TimeChart } from '../charts/time-chart.tsx';
import { useConnection, useEngine, useHost, useLive } from '../connection/connection-context.tsx';
import { EvidenceBar } from '../design/evidence.tsx';
import { Icon, Logo } from '../design/icon.tsx';
import { KeySwatch } from '../design/key-swatch.tsx';
import { seriesColor } from '../design/series.ts';
import { Sign } from '../design/sign.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import type { TimeWindow } from '../live/time-window.ts';
import { usePowerChart } from '../live/use-power-chart.ts';
import './mini.css';

const window5m: TimeWindow = { kind: 'live', key: '5m' };
const mostRuns = 2;
const nothing = (): void => {};

/** 320 × 180: power now, energy today, five minutes, who runs. Double-click opens the app. */
export function MiniView(): ReactNode {
  const { t } = useTranslation();
  const live = useLive();
  const host = useHost();
  const { status } = useConnection();
  const isStale = status !== 'connected';
  const openApp = (): void => {
    if (host === null) open(hrefTo({ page: 'live', view: 'overview' }), 'wattrun');
    else host.request('host.showApp', {}).catch(nothing);
  };
  const closeMini = (): void => {
    if (host === null) close();
    else host.request('host.closeMini', {}).catch(nothing);
  };
  useEscape(closeMini);
  const edge = live !== null && isStale ? 'crit' : (live?.alerts.length ?? 0) > 0 ? 'warn' : '';
  return (
    <main className={`mini ${edge}`} onDoubleClick={openApp}>
      <MiniHead live={live} isStale={isStale} onOpenApp={openApp} onClose={closeMini} />
      {live === null ? (
        <p className="mini-empty q">{t(status === 'lost' ? 'mini.lost' : 'loading')}</p>
      ) : (
        <CrosshairScope>
          <MiniBody live={live} isStale={isStale} />
        </CrosshairScope>
      )}
    </main>
  );
}

function useEscape(onEscape: () => void): void {
  const latest = useRef(onEscape);
  latest.current = onEscape;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') latest.current();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

interface HeadProps {
  readonly live: LiveState | null;
  readonly isStale: boolean;
  readonly onOpenApp: () => void;
  readonly onClose: () => void;
}

function MiniHead({ live, isStale, onOpenApp, onClose }: HeadProps): ReactNode {
  const { t } = useTranslation();
  const { description } = useEngine();
  return (
    <header>
      <Logo />
      <b className="cut">{description?.hostName ?? t('name')}</b>
      <Situation live={live} isStale={isStale} />
      <span className="grow" />
      <button
        type="button"
        className="btn ic gh"
        onClick={onOpenApp}
        title={t('mini.open')}
        aria-label={t('mini.open')}
      >
        <Icon name="live" />
      </button>
      <Pin />
      <button
        type="button"
        className="btn ic gh"
        onClick={onClose}
        title={t('mini.close')}
        aria-label={t('mini.close')}
      >
        <Icon name="close" />
      </button>
    </header>
  );
}

/** What concerns the eye: no answer, then an alert, then what the chart shows. */
function Situation({ live, isStale }: { readonly live: LiveState | null; readonly isStale: boolean }): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const nowMs = useNow(isStale);
  if (live === null) return null;
  const since = (fromMs: number, toMs: number): string =>
    formatExactDuration(Math.max(0, secondsFromMs(toMs - fromMs)), { locale, isWhole: true });
  const [alert] = live.alerts;
  if (isStale) return <span className="crit cut">{t('mini.noAnswer', { duration: since(live.atMs, nowMs) })}</span>;
  if (alert !== undefined)
    return (
      <span className="warn cut" title={alert.ruleName}>
        <Sign name="triangle" /> {alert.ruleName}
        {t('comma')}
        {since(alert.firedAtMs, live.atMs)}
      </span>
    );
  if (live.isSimulated) return <span className="q cut">{t('simulated')}</span>;
  return <span className="q cut">{t(live.runs.length === 0 ? 'mini.idle' : 'live.windows.5m')}</span>;
}

/** Whether other windows may cover it; only a desktop can say. */
function Pin(): ReactNode {
  const { t } = useTranslation();
  const host = useHost();
  const [isPinned, setPinned] = useState(true);
  if (host === null) return null;
  const turn = (): void => {
    host.request('host.pinMini', { isPinned: !isPinned }).catch(nothing);
    setPinned(!isPinned);
  };
  return (
    <button
      type="button"
      className="btn ic gh"
      aria-pressed={isPinned}
      onClick={turn}
      title={t(isPinned ? 'mini.unpin' : 'mini.pin')}
      aria-label={t('mini.pin')}
    >
      <Icon name="pin" />
    </button>
  );
}

function MiniBody({ live, isStale }: { readonly live: LiveState; readonly isStale: boolean }): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const { chart } = usePowerChart({ live, isStale, by: 'run', window: window5m, onRange: nothing, onReset: nothing });
  // No hand zooms in a window of this size, and who runs stands below.
  const { onRange: _range, onReset: _reset, runs: _runs, ...bareChart } = chart;
  const shown = isStale
    ? formatPower(null, { locale })
    : formatPowerWithBounds(live.machine, { locale, isLowerBound: live.machine.isLowerBound });
  const today = formatEnergy(live.today.energyJoules, { locale });
  const currency = live.price?.currency ?? null;
  return (
    <>
      <div className="mini-figs">
        <span className="mini-power">{shown.value}</span>
        <span className="u">{shown.unit ?? 'W'}</span>
        {shown.band !== null && <span className="q">{shown.band}</span>}
        <span className="grow" />
        <b>{today.value}</b>
        <span className="q">
          {today.unit}
          {currency !== null && ` · ${formatMoney(live.today.costAmount, { locale, currency })}`} {t('mini.today')}
        </span>
      </div>
      <EvidenceBar parts={live.machine.evidence} />
      <div className="mini-chart" aria-hidden="true">
        <TimeChart {...bareChart} isLive={false} isSmall isBare hasTip={false} />
      </div>
      <ul>
        {live.runs.slice(0, mostRuns).map((run) => (
          <MiniRun key={run.id} run={run} currency={currency} isStale={isStale} />
        ))}
        {live.runs.length === 0 && <li className="q">{t('mini.nothing')}</li>}
        {live.runs.length > mostRuns && (
          <li className="q more">{t('mini.more', { count: live.runs.length - mostRuns })}</li>
        )}
      </ul>
    </>
  );
}

interface MiniRunProps {
  readonly run: LiveRun;
  readonly currency: string | null;
  readonly isStale: boolean;
}

function MiniRun({ run, currency, isStale }: MiniRunProps): ReactNode {
  const locale = useLocale();
  const cost = currency === null || run.costAmount === null ? null : formatMoney(run.costAmount, { locale, currency });
  return (
    <li>
      <KeySwatch color={seriesColor(run.colorIndex)} />
      <span className="cut">{run.name}</span>
      <span className="q nw">
        {valueText(formatEnergy(run.totalJoules, { locale }))}
        {cost !== null && ` · ${cost}`}
      </span>
      <b>
        {valueText(
          formatPower(isStale ? null : run.powerWatts, { locale, style: 'tight', isLowerBound: run.isLowerBound }),
        )}
      </b>
    </li>
  );
}
