import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatGibibytes } from '../../shared/format/memory.ts';
import { formatClock, formatDay, formatLogMoment, formatMoment } from '../../shared/format/moment.ts';
import { formatNumber, missing } from '../../shared/format/number-text.ts';
import { formatShare } from '../../shared/format/ratio.ts';
import type { History, Quantity } from '../../shared/model/history.ts';
import type { LiveDevice } from '../../shared/model/live.ts';
import { useCrosshair } from '../charts/crosshair.tsx';
import { usePalette } from '../charts/palette.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { type PlacedDevice, strokeOf } from './chart-lines.ts';
import type { WindowColumns } from './history-columns.ts';
import { seriesKey } from './series-key.ts';
import { isMoment, shownBucket } from './shown-moment.ts';
import type { TimeRange } from './time-window.ts';
import type { WindowEvents } from './window-events.ts';
import { WindowLog } from './window-log.tsx';

interface ReadOutProps {
  readonly placed: readonly PlacedDevice[];
  readonly columns: WindowColumns | null;
  readonly events: WindowEvents;
  readonly history: History | null;
  readonly range: TimeRange;
  /** Whether the window ends now. */
  readonly isLive: boolean;
}

/** Every device's values at the crosshair, or now; what happened in the window; the keys. */
export function ReadOut({ placed, columns, events, history, range, isLive }: ReadOutProps): ReactNode {
  const { t } = useTranslation();
  const heading = useHeading();
  const crosshairMs = useCrosshair(range);
  const isNow = isLive && crosshairMs === null;
  const bucket = columns === null ? null : shownBucket(columns, range, crosshairMs);
  return (
    <aside className="ro" aria-label={t('live.six.readOut')}>
      <div className="hd">
        <h2>{isNow ? t('live.six.now') : heading(bucket ?? { fromMs: range.toMs, toMs: range.toMs })}</h2>
      </div>
      <ReadOutTable
        placed={placed}
        valueFor={(device, quantity) => {
          // A bucket of a long window is an hour's mean: what is headed 'now' is the newest reading.
          if (isNow) return device[quantity];
          return bucket === null ? null : (columns?.byKey.get(seriesKey(device, quantity))?.mean[bucket.index] ?? null);
        }}
      />
      <div className="hd">
        <h2>{t('live.six.inWindow')}</h2>
      </div>
      <WindowLog events={events} history={history} range={range} />
      <KeyHints />
    </aside>
  );
}

/** 'At 14:27:20', or 'Today 14:00 – 15:00' of a bucket that is longer than a minute. */
function useHeading(): (span: TimeRange) => string {
  const { t } = useTranslation();
  const locale = useLocale();
  return (span) => {
    const at = { locale, nowMs: Date.now() };
    if (isMoment(span)) return t('live.six.at', { time: formatLogMoment(span.toMs, at) });
    const isOneDay = formatDay(span.fromMs, at) === formatDay(span.toMs, at);
    const to = isOneDay ? formatClock(span.toMs, at) : formatMoment(span.toMs, at);
    return t('live.six.span', { from: formatMoment(span.fromMs, at), to });
  };
}

interface ReadOutTableProps {
  readonly placed: readonly PlacedDevice[];
  readonly valueFor: (device: LiveDevice, quantity: Quantity) => number | null;
}

function ReadOutTable({ placed, valueFor }: ReadOutTableProps): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const isContrast = usePalette().theme === 'contrast';
  const whole = (value: number | null): string => (value === null ? missing : formatNumber(value, 0, locale));
  return (
    <table className="tb d">
      <thead>
        <tr>
          <th scope="col">
            <span className="vh">{t('live.table.device')}</span>
          </th>
          {(['watts', 'sm', 'gib', 'celsius', 'mhz'] as const).map((name) => (
            <th key={name} scope="col" className="n">
              {t(`live.table.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {placed.map(({ device, place }) => {
          const { color, dash } = strokeOf(place, isContrast);
          const value = (quantity: Quantity): number | null => valueFor(device, quantity);
          return (
            <tr key={device.domain.id}>
              <th scope="row" className="dev">
                <span className="row">
                  <svg width="20" height="8" aria-hidden="true">
                    <path
                      d="M0 4H20"
                      style={{
                        stroke: `var(--${color})`,
                        strokeWidth: 2,
                        strokeDasharray: dash.join(' '),
                      }}
                    />
                  </svg>
                  {device.domain.label}
                </span>
              </th>
              <td className="n b">{whole(value('powerWatts'))}</td>
              <td className="n">{formatShare(value('utilizationRatio'), { locale })}</td>
              <td className="n">{formatGibibytes(value('memoryUsedBytes'), { locale })}</td>
              <td className="n">{whole(value('temperatureCelsius'))}</td>
              <td className="n">{whole(value('clockMegahertz'))}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function KeyHints(): ReactNode {
  const { t } = useTranslation();
  const hints = [
    [t('live.six.key.drag'), 'drag'],
    [t('live.six.key.shiftDrag'), 'shiftDrag'],
    ['← →', 'step'],
    ['[ ]', 'event'],
    ['0', 'whole'],
    ['L', 'live'],
  ] as const;
  return (
    <div className="kh">
      {hints.map(([key, word]) => (
        <div key={key}>
          <kbd>{key}</kbd>
          <span>{t(`live.six.keys.${word}`)}</span>
        </div>
      ))}
    </div>
  );
}
