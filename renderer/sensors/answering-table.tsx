import { useState } from 'react';
import { formatNumber } from '../../shared/format/number-text.ts';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { SourceReport } from '../../shared/model/sensors.ts';
import { CommandLine } from '../design/command-line.tsx';
import { EvidenceMark } from '../design/evidence.tsx';
import { Icon } from '../design/icon.tsx';
import { Sign } from '../design/sign.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { domainLabels } from './sensor-groups.ts';

interface AnsweringTableProps {
  readonly sources: readonly SourceReport[];
  /** Short names of domains by id. */
  readonly labels: ReadonlyMap<string, string>;
  /** What stands there was read before the engine went. */
  readonly isStale: boolean;
}

/** What answers, how it is read, and what it says now; each row opens to the command that shows the same number. */
export function AnsweringTable({ sources, labels, isStale }: AnsweringTableProps) {
  const { t } = useWords();
  const [openId, setOpenId] = useState<string | null>(null);
  return (
    <table className={isStale ? 'tb d ans stale' : 'tb d ans'} aria-label={t('sensors.answering.title')}>
      <colgroup>
        <col className="s-mark" />
        <col className="s-source" />
        <col className="s-how" />
        <col className="s-measures" />
        <col className="s-now" />
        <col className="s-read" />
        <col className="s-errors" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">
            <span className="vh">{t('sensors.column.evidence')}</span>
          </th>
          <th scope="col">{t('sensors.column.source')}</th>
          <th scope="col" className="s-how">
            {t('sensors.column.how')}
          </th>
          <th scope="col">{t('sensors.column.measures')}</th>
          <th scope="col" className="n">
            {t('sensors.column.now')}
          </th>
          <th scope="col" className="n">
            {t('sensors.column.read')}
          </th>
          <th scope="col" className="n">
            {t('sensors.column.errors')}
          </th>
        </tr>
      </thead>
      <tbody>
        {sources.map((source) => (
          <SourceRows
            key={source.id}
            source={source}
            labels={labels}
            isOpen={openId === source.id}
            onToggle={() => setOpenId((before) => (before === source.id ? null : source.id))}
          />
        ))}
      </tbody>
    </table>
  );
}

interface SourceRowsProps {
  readonly source: SourceReport;
  readonly labels: ReadonlyMap<string, string>;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function SourceRows({ source, labels, isOpen, onToggle }: SourceRowsProps) {
  const { t } = useWords();
  const locale = useLocale();
  const isAnswering = source.state === 'answering';
  const measures = domainLabels(source.domainIds, labels) || source.measures;
  const { readMilliseconds } = source;
  return (
    <>
      <tr className={source.state === 'standby' ? 'q' : undefined}>
        <td>{isAnswering && <EvidenceMark provenance={source.provenance} />}</td>
        <td>
          <button type="button" className="src" aria-expanded={isOpen} onClick={onToggle}>
            <Icon name={isOpen ? 'down' : 'right'} />
            <b className="cut" title={source.label}>
              {source.label}
            </b>
          </button>
        </td>
        <td className="s s-how">
          <How source={source} />
        </td>
        <td className="s" title={source.measures}>
          {measures}
        </td>
        <td className="n b">
          {source.powerWatts === null ? null : valueText(formatPower(source.powerWatts, { locale, style: 'device' }))}
        </td>
        <td className="n s">
          {readMilliseconds === null ? (
            <span className="q">–</span>
          ) : (
            t('sensors.milliseconds', { value: formatNumber(readMilliseconds, readMilliseconds < 100 ? 1 : 0, locale) })
          )}
        </td>
        <td className={source.errorCount > 0 ? 'n warn' : 'n q'}>{formatNumber(source.errorCount, 0, locale)}</td>
      </tr>
      {isOpen && (
        <tr className="same">
          <td />
          <td colSpan={6}>
            <p className="s">{source.measures}</p>
            {source.reason !== null && <p className="s">{source.reason}</p>}
            {source.sameNumberCommand !== '' && (
              <>
                <p className="q">{t('sensors.sameNumber')}</p>
                <CommandLine command={source.sameNumberCommand} />
              </>
            )}
          </td>
        </tr>
      )}
    </>
  );
}

function How({ source }: { readonly source: SourceReport }) {
  const { t } = useWords();
  switch (source.state) {
    case 'standby':
      return source.reason ?? t('sensors.standby');
    case 'failing':
      return (
        <span className="warn">
          <Sign name="triangle" label={t('sensors.failing')} /> {source.reason ?? t('sensors.failing')}
        </span>
      );
    default:
      return source.how;
  }
}
