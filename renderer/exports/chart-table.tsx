import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../../shared/format/duration.ts';
import { formatLogMoment } from '../../shared/format/moment.ts';
import { formatNumber, missing, threeDigitDecimals } from '../../shared/format/number-text.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { axisUnit } from '../charts/axis-text.ts';
import type { TimeChartProps } from '../charts/chart-model.ts';
import { valueAxis } from '../charts/value-axis.ts';
import { Dialog } from '../design/dialog.tsx';
import { useLocale } from '../i18n/use-locale.ts';

interface ChartTableProps {
  readonly title: string;
  readonly props: TimeChartProps;
  readonly onClose: () => void;
  readonly onSave: () => void;
}

const mostRows = 60;

/** A chart's values as it was when asked for, for whom a picture does not help; every so many points where there are more than sixty. */
export function ChartTable({ title, props, onClose, onSave }: ChartTableProps): ReactNode {
  const { t } = useTranslation('charts');
  const locale = useLocale();
  const { divisor, word } = axisUnit(props.unit, valueAxis(props).max);
  const columns = [...(props.total === undefined ? [] : [{ ...props.total, key: 'total' }]), ...props.series];
  const indexes = props.timesMs.flatMap((atMs, index) => (atMs >= props.fromMs && atMs <= props.toMs ? [index] : []));
  const every = Math.max(1, Math.ceil(indexes.length / mostRows));
  const shown = indexes.filter((_, place) => place % every === 0);
  const time = (atMs: number): string =>
    props.isElapsed === true
      ? formatDuration(secondsFromMs(atMs), { locale })
      : formatLogMoment(atMs, { locale, nowMs: props.toMs });
  const value = (raw: number | null): string => {
    if (raw === null) return missing;
    const scaled = raw / divisor;
    return formatNumber(scaled, Math.min(3, Math.max(0, threeDigitDecimals(scaled))), locale);
  };
  return (
    <Dialog
      isOpen
      title={word === '' ? title : `${title}, ${word}`}
      cancelLabel={t('table.close')}
      confirmLabel={t('save.csv')}
      onClose={onClose}
      onConfirm={onSave}
    >
      {every > 1 && <p className="q t11">{t('table.every', { count: every })}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <section className="ct" aria-label={title} tabIndex={0}>
        <table className="tb d">
          <thead>
            <tr>
              <th scope="col">{t('table.time')}</th>
              {columns.map(({ key, label }) => (
                <th key={key} scope="col" className="n">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((index) => (
              <tr key={index}>
                <th scope="row" className="nw">
                  {time(props.timesMs[index] ?? 0)}
                </th>
                {columns.map(({ key, mean }) => (
                  <td key={key} className="n">
                    {value(mean[index] ?? null)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Dialog>
  );
}
