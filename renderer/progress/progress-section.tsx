import { memo, type ReactNode, useMemo, useState } from 'react';
import { formatDuration } from '../../shared/format/duration.ts';
import { type BoundedEnergy, energyUnitForColumn, formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { decimalTails, formatNumber, missing } from '../../shared/format/number-text.ts';
import { formatCoverage } from '../../shared/format/ratio.ts';
import type { Counted, Epoch, MarkedWindow, Progress } from '../../shared/model/progress.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { Segmented } from '../design/segmented.tsx';
import { seriesColor } from '../design/series.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { type BarKind, epochBars } from './epoch-bars.ts';
import { EpochChart, unitOfBars } from './epoch-chart.tsx';
import './progress.css';
import { sourceWords } from './source-words.ts';
import { useProgressWords } from './use-progress-words.ts';

interface ProgressSectionProps {
  readonly report: RunReport;
}

const kinds = ['epochs', 'steps', 'samples', 'tokens'] as const satisfies readonly (keyof Progress)[];

/** What an epoch, a step, a sample and a token of the run took. Nothing where the run told nothing of them. */
function ProgressSectionView({ report }: ProgressSectionProps): ReactNode {
  const { t } = useProgressWords();
  const [kind, setKind] = useState<BarKind>('epoch');
  const { progress, epochs, windows } = report;
  const bars = useMemo(() => epochBars(epochs, kind), [epochs, kind]);
  const hasSteps = epochs.some((epoch) => epoch.index !== null && (epoch.steps ?? 0) > 0);
  const counted = kinds.flatMap((one) => (progress[one] === null ? [] : [{ one, counted: progress[one] }]));
  if (counted.length === 0 && windows.length === 0) return null;
  const source = sourceWords(counted[0]?.counted.source ?? 'api');
  return (
    <section className="sec pg">
      <div className="hd">
        <h2>{epochs.length > 0 ? t('title') : t('titleWithoutEpochs')}</h2>
        {bars.length > 0 && <span className="u">{unitOfBars(bars)}</span>}
        {hasSteps && (
          <Segmented
            size="small"
            label={t('show')}
            value={kind}
            onChange={setKind}
            choices={[
              { value: 'epoch', label: t('byEpoch') },
              { value: 'step', label: t('byStep') },
            ]}
          />
        )}
        {counted.length > 0 && <div className="r">{t(source.key, source.values)}</div>}
      </div>
      <div className={bars.length > 0 ? 'pg-two' : ''}>
        {bars.length > 0 && <EpochChart bars={bars} color={`var(--${seriesColor(report.run.colorIndex)})`} />}
        <div className="pg-each">
          {counted.length > 0 && <EachTable counted={counted} />}
          {windows.length > 0 && <WindowsTable windows={windows} />}
        </div>
      </div>
      {epochs.length > 0 && <EpochTable epochs={epochs} isRunning={report.run.status === 'running'} />}
    </section>
  );
}

export const ProgressSection = memo(ProgressSectionView);

interface EachTableProps {
  readonly counted: readonly { readonly one: keyof Progress; readonly counted: Counted }[];
}

function EachTable({ counted }: EachTableProps): ReactNode {
  const { t } = useProgressWords();
  const locale = useLocale();
  return (
    <table className="tb d pt" aria-label={t('each')}>
      <thead>
        <tr>
          <th scope="col">{t('column.what')}</th>
          <th scope="col" className="n">
            {t('column.count')}
          </th>
          <th scope="col" className="n">
            {t('column.energy')}
          </th>
          <th scope="col" />
        </tr>
      </thead>
      <tbody>
        {counted.map(({ one, counted: { count, joulesEach, lowJoulesEach, highJoulesEach, isShort } }) => (
          <tr key={one}>
            <th scope="row">{t(`one.${one}`)}</th>
            <td className="n s">{formatNumber(count, 0, locale)}</td>
            <EnergyCells
              energy={{ joules: joulesEach, lowJoules: lowJoulesEach, highJoules: highJoulesEach }}
              isShort={isShort}
            />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function EnergyCells({ energy, isShort }: { readonly energy: BoundedEnergy; readonly isShort: boolean }): ReactNode {
  const { t } = useProgressWords();
  const locale = useLocale();
  const shown = formatEnergyWithBounds(energy, { locale });
  return (
    <>
      <td className="n b">
        {shown.value} <span className="s">{shown.unit}</span>
      </td>
      <td className="pm">
        {shown.band}
        {isShort && (
          <span className="tag" title={t('shortHint')}>
            {t('short')}
          </span>
        )}
      </td>
    </>
  );
}

function WindowsTable({ windows }: { readonly windows: readonly MarkedWindow[] }): ReactNode {
  const { t } = useProgressWords();
  const locale = useLocale();
  return (
    <table className="tb d pt" aria-label={t('windows')}>
      <thead>
        <tr>
          <th scope="col">{t('column.window')}</th>
          <th scope="col" className="n">
            {t('column.count')}
          </th>
          <th scope="col" className="n">
            {t('column.energy')}
          </th>
          <th scope="col" />
        </tr>
      </thead>
      <tbody>
        {windows.map(({ name, count, joules, lowJoules, highJoules, isShort }) => (
          <tr key={name}>
            <th scope="row" className="cut" title={name}>
              {name}
            </th>
            <td className="n s">{formatNumber(count, 0, locale)}</td>
            <EnergyCells energy={{ joules, lowJoules, highJoules }} isShort={isShort} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** More rows than this nobody reads: the exports have them all. */
const mostRows = 500;

function EpochTable({
  epochs,
  isRunning,
}: {
  readonly epochs: readonly Epoch[];
  readonly isRunning: boolean;
}): ReactNode {
  const { t } = useProgressWords();
  const locale = useLocale();
  const rows = epochs.slice(-mostRows);
  const unit = energyUnitForColumn(rows.map((epoch) => epoch.joules));
  const energies = rows.map((epoch) => formatEnergyWithBounds(epoch, { locale, unit }));
  const tails = decimalTails(
    energies.map((energy) => energy.value),
    locale,
  );
  return (
    <details className="pg-all">
      <summary>{t('epochs')}</summary>
      <div className="dm-scroll">
        <table className="tb d dt et" aria-label={t('epochs')}>
          <thead>
            <tr>
              <th scope="col">{t('column.epoch')}</th>
              <th scope="col" className="n">
                {t('column.duration')}
              </th>
              <th scope="col" className="n">
                {unit}
              </th>
              <th scope="col" />
              <th scope="col" className="n">
                {t('column.steps')}
              </th>
              <th scope="col" className="n">
                {t('column.perStep')}
              </th>
              <th scope="col" className="n">
                {t('column.seen')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((epoch, i) => (
              <tr key={epoch.from} className={epoch.index === null ? 'beside' : ''}>
                <th scope="row">{t(...nameOf(epoch, epochs, isRunning))}</th>
                <td className="n s">{formatDuration(epoch.seconds, { locale })}</td>
                <td className="n b">
                  {energies[i]?.value}
                  <span className="tail">{tails[i]}</span>
                </td>
                <td className="pm">
                  {energies[i]?.band}
                  {epoch.isShort && (
                    <span className="tag" title={t('shortHint')}>
                      {t('short')}
                    </span>
                  )}
                </td>
                <td className="n s">{epoch.steps === null ? missing : formatNumber(epoch.steps, 0, locale)}</td>
                <td className="n s">{perStepText(epoch, locale)}</td>
                <td className={epoch.coverage < 0.95 ? 'n warn' : 'n s'}>
                  {formatCoverage(epoch.coverage, { locale })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function nameOf(epoch: Epoch, epochs: readonly Epoch[], isRunning: boolean): [string, Record<string, unknown>] {
  if (epoch.index === null) return [epoch === epochs[0] ? 'before' : 'after', {}];
  if (epoch.isDone) return ['number', { index: epoch.index }];
  return [isRunning ? 'underWay' : 'unfinished', { index: epoch.index }];
}

function perStepText({ joules, lowJoules, highJoules, steps }: Epoch, locale: string): string {
  if (joules === null || steps === null || steps <= 0) return missing;
  const each = (value: number | null): number | null => (value === null ? null : value / steps);
  return formatEnergyWithBounds(
    { joules: joules / steps, lowJoules: each(lowJoules), highJoules: each(highJoules) },
    { locale, unit: 'J' },
  ).value;
}
