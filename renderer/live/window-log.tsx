import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatLogMoment } from '../../shared/format/moment.ts';
import type { History } from '../../shared/model/history.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { useConnection } from '../connection/connection-context.tsx';
import { GapSwatch } from '../design/key-swatch.tsx';
import { type SeriesColor, seriesColor } from '../design/series.ts';
import { Sign } from '../design/sign.tsx';
import { StateSign } from '../design/state-glyph.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { newestEntries } from './log-entries.ts';
import type { TimeRange } from './time-window.ts';
import type { WindowEvents } from './window-events.ts';

interface WindowLogProps {
  readonly events: WindowEvents;
  readonly history: History | null;
  readonly range: TimeRange;
}

interface Entry {
  readonly key: string;
  readonly atMs: number;
  readonly sign: ReactNode;
  readonly text: string;
  /** The run it is of, where its words do not name it. */
  readonly runName?: string | undefined;
}

const mostEntries = 12;
/** Of a run of which only the end is known, not how it came. */
const endSign = <Sign name="ring" className="q" />;

/** What happened in the window, oldest first; the newest dozen, and how many more there were. */
export function WindowLog(props: WindowLogProps): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const { shown: entries, earlierCount } = newestEntries(useEntries(props), { range: props.range, most: mostEntries });
  const isLost = useConnection().status === 'lost';
  // What nobody could ask for yet is not known to be nothing.
  if (props.history === null) return <p className="win-none q">{t(isLost ? 'live.six.unread' : 'loading')}</p>;
  if (entries.length === 0) return <p className="win-none q">{t('live.six.nothing')}</p>;
  return (
    <ul className="win-log">
      {earlierCount > 0 && <li className="q">{t('live.six.earlier', { count: earlierCount })}</li>}
      {entries.map((entry) => (
        <li key={entry.key}>
          <span className="q nw">{formatLogMoment(entry.atMs, { locale, nowMs: props.range.toMs })}</span>
          {entry.sign}
          <span className="cut" title={[entry.text, entry.runName].filter(Boolean).join(', ')}>
            {entry.text} {entry.runName !== undefined && <span className="q">{entry.runName}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

function useEntries({ events, history }: WindowLogProps): readonly Entry[] {
  const { t } = useTranslation();
  const locale = useLocale();
  const runs = history?.runs ?? [];
  return [
    ...runs.map((run) => ({
      key: `start ${run.id}`,
      atMs: run.fromMs,
      sign: <StateSign of={{ kind: 'run', state: 'running' }} color={`var(--${seriesColor(run.colorIndex)})`} />,
      text: t('live.six.started', { name: run.name }),
    })),
    ...runs.flatMap((run) =>
      run.toMs === null
        ? []
        : [
            {
              key: `end ${run.id}`,
              atMs: run.toMs,
              sign: run.status === undefined ? endSign : <StateSign of={{ kind: 'run', state: run.status }} />,
              text: t(`live.six.ended.${run.status ?? 'running'}`, { name: run.name }),
            },
          ],
    ),
    ...events.gaps.map((gap) => ({
      key: `gap ${gap.fromMs} ${gap.label ?? ''}`,
      atMs: gap.fromMs,
      sign: <GapSwatch />,
      text: t(gap.isPartial === true ? 'live.six.deviceGap' : 'live.six.gap', {
        device: gap.label,
        duration: formatExactDuration(secondsFromMs(gap.toMs - gap.fromMs), { locale, isWhole: true }),
        reason: t(`gapReason.${gap.reason ?? 'no-reading'}`),
      }),
    })),
    ...events.alerts.map((alert) => ({
      key: `alert ${alert.id}`,
      atMs: alert.atMs,
      sign: <StateSign of={{ kind: 'alert', state: alert.level }} />,
      text: alert.label,
    })),
    ...events.marks.map((mark) => ({
      key: `mark ${mark.run?.id ?? ''} ${mark.atMs} ${mark.label}`,
      atMs: mark.atMs,
      sign: <MarkSign color={mark.run?.color} />,
      text: mark.label,
      runName: mark.run?.name,
    })),
  ];
}

function MarkSign({ color }: { readonly color: SeriesColor | undefined }): ReactNode {
  if (color === undefined) return <Sign name="ring" className="q" />;
  return (
    <span style={{ color: `var(--${color})` }}>
      <Sign name="ring" />
    </span>
  );
}
