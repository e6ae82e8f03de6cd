import type { ReactNode } from 'react';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatEnergy } from '../../shared/format/energy.ts';
import { formatClock, formatMoment } from '../../shared/format/moment.ts';
import { formatNumber, threeDigitDecimals } from '../../shared/format/number-text.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { GapSwatch } from '../design/key-swatch.tsx';
import { Sign } from '../design/sign.tsx';
import { StateSign } from '../design/state-glyph.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { joinLabels } from '../sensors/sensor-groups.ts';
import { eventsOf, type RunEvent, type RunGap } from './run-events.ts';

interface RunEventListProps {
  readonly report: RunReport;
  readonly nowMs: number;
}

/** Marks, alerts, gaps with their reasons, and the end, oldest first. */
export function RunEventList({ report, nowMs }: RunEventListProps) {
  const { t } = useWords();
  const locale = useLocale();
  const events = eventsOf(report);
  return (
    <>
      <div className="hd hl">
        <h2>{t('run.events.title')}</h2>
        <span className="q">{events.length > 0 && events.length}</span>
      </div>
      {events.length === 0 ? (
        <p className="sta q">{t('run.events.none')}</p>
      ) : (
        <ul className="evl">
          {events.map((event) => (
            <li
              className={event.kind === 'gap' ? 'wrapped' : undefined}
              key={`${event.kind}/${event.atMs}/${detailKey(event)}`}
            >
              <span className="q nw" title={formatMoment(event.atMs, { locale, nowMs })}>
                {formatClock(event.atMs, { locale })}
              </span>
              <EventWords event={event} report={report} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function detailKey(event: RunEvent): string {
  switch (event.kind) {
    case 'mark':
      return `${event.mark.kind}/${event.mark.label}/${event.mark.value}`;
    case 'alert':
      return event.alert.id;
    case 'gap':
      return `${event.gap.reason}/${event.gap.isBridged}/${event.gap.labels.join()}`;
    case 'end':
      return '';
  }
}

function EventWords({ event, report }: { readonly event: RunEvent; readonly report: RunReport }) {
  const { t } = useWords();
  const locale = useLocale();
  switch (event.kind) {
    case 'mark': {
      const { mark } = event;
      const decimals = Number.isInteger(mark.value) ? 0 : Math.max(0, threeDigitDecimals(mark.value ?? 0));
      const value = mark.value === null ? '' : ` ${formatNumber(mark.value, decimals, locale)}`;
      const energy = mark.joules === null ? '' : `, ${valueText(formatEnergy(mark.joules, { locale }))}`;
      return (
        <Line
          sign={<Sign name="ring" className="q" />}
          text={`${[mark.kind, mark.label].filter(Boolean).join(' ')}${value}${energy}`}
        />
      );
    }
    case 'alert':
      return <Line sign={<StateSign of={{ kind: 'alert', state: event.alert.level }} />} text={event.alert.message} />;
    case 'gap':
      return <Line sign={<GapSwatch />} text={gapWords(event.gap, (key, values) => t(key, { ...values }), locale)} />;
    case 'end': {
      const { status, exitCode } = report.run;
      const words = exitCode === null ? t(`run.ended.${status}`) : t('run.ended.exit', { code: exitCode });
      return <Line sign={<StateSign of={{ kind: 'run', state: status }} />} text={words} />;
    }
  }
}

type Words = (key: string, values?: Readonly<Record<string, string>>) => string;

function gapWords(gap: RunGap, t: Words, locale: string): string {
  const duration = formatExactDuration(gap.durationSeconds, { locale });
  const reason = t(`run.gapReason.${gap.reason}`);
  const effect = t(gap.isBridged ? 'run.events.bridged' : 'run.events.unbridged');
  return gap.isWhole
    ? t('run.events.gap', { duration, reason, effect })
    : t('run.events.gapOf', { devices: joinLabels(gap.labels), duration, reason, effect });
}

function Line({ sign, text }: { readonly sign: ReactNode; readonly text: string }) {
  return (
    <>
      {sign}
      <span className="cut" title={text}>
        {text}
      </span>
    </>
  );
}
