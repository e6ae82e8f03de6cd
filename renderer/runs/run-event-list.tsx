import { Fragment, type ReactNode } from 'react';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatEnergy } from '../../shared/format/energy.ts';
import { isBridgedByPower } from '../../shared/format/gap-words.ts';
import { formatClock, formatDay, formatMoment, isSameDay } from '../../shared/format/moment.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { GapSwatch } from '../design/key-swatch.tsx';
import { Sign } from '../design/sign.tsx';
import { StateSign } from '../design/state-glyph.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { markLine } from '../progress/mark-words.ts';
import { useProgressWords } from '../progress/use-progress-words.ts';
import { joinLabels } from '../sensors/sensor-groups.ts';
import { moneyOfJoules } from './money-of-joules.ts';
import { eventsOf, type RunEvent, type RunGap } from './run-events.ts';

interface RunEventListProps {
  readonly report: RunReport;
  readonly nowMs: number;
}

/** Marks, alerts, gaps with their reasons, and the end, oldest first; a day after the one that the run began on is named. */
export function RunEventList({ report, nowMs }: RunEventListProps) {
  const { t } = useWords();
  const locale = useLocale();
  const events = eventsOf(report);
  const startedMs = Date.parse(report.run.startedAt);
  return (
    <>
      <div className="hd hl">
        <h2>{t('run.events.title')}</h2>
        <span className="q">{events.length > 0 && events.length}</span>
      </div>
      {events.length === 0 ? (
        <p className="sta q">{t('run.events.none')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: longer than its box, it is scrolled by keyboard
        <ul className="evl" aria-label={t('run.events.title')} tabIndex={0}>
          {events.map((event, index) => (
            <Fragment key={`${event.kind}/${event.atMs}/${detailKey(event)}`}>
              {!isSameDay(event.atMs, events[index - 1]?.atMs ?? startedMs) && (
                <li className="evl-day q">{formatDay(event.atMs, { locale, nowMs: startedMs })}</li>
              )}
              <li className={event.kind === 'gap' ? 'wrapped' : undefined}>
                <span className="q nw" title={formatMoment(event.atMs, { locale, nowMs })}>
                  {formatClock(event.atMs, { locale })}
                </span>
                <EventWords event={event} report={report} />
              </li>
            </Fragment>
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
  const progress = useProgressWords();
  const locale = useLocale();
  switch (event.kind) {
    case 'mark': {
      const { mark } = event;
      const cost = moneyOfJoules(report, mark.joules, locale);
      const energy = mark.joules === null ? null : valueText(formatEnergy(mark.joules, { locale }));
      const text = markLine(mark, [energy, cost], {
        t: (key, values) => progress.t(key, { ...values }),
        locale,
      });
      return <Line sign={<Sign name="ring" className="q" />} text={text} />;
    }
    case 'alert':
      return <Line sign={<StateSign of={{ kind: 'alert', state: event.alert.level }} />} text={event.alert.message} />;
    case 'gap':
      return <Line sign={<GapSwatch />} text={gapWords(event.gap, (key, values) => t(key, { ...values }), locale)} />;
    case 'end': {
      const { status, exitCode, stoppedBy } = report.run;
      const ended = exitCode === null ? t(`run.ended.${status}`) : t('run.ended.exit', { code: exitCode });
      const words = status === 'stopped' && stoppedBy !== null ? t('stoppedBy', { rule: stoppedBy.rule }) : ended;
      return <Line sign={<StateSign of={{ kind: 'run', state: status }} />} text={words} />;
    }
  }
}

type Words = (key: string, values?: Readonly<Record<string, string>>) => string;

function gapWords(gap: RunGap, t: Words, locale: string): string {
  const duration = formatExactDuration(gap.durationSeconds, { locale });
  const reason = t(`run.gapReason.${gap.reason}`);
  // After a reset the counter tells nothing of that time, and power does.
  const bridged = isBridgedByPower(gap) ? 'run.events.bridgedByPower' : 'run.events.bridged';
  const effect = t(gap.isBridged ? bridged : 'run.events.unbridged');
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
