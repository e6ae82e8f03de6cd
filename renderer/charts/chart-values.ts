import { stringify } from 'csv-stringify/browser/esm/sync';
import { secondsFromMs } from '../../shared/units.ts';
import type { TimeChartProps } from './chart-model.ts';

const unitWords = {
  watts: 'W',
  percent: '%',
  gibibytes: 'GiB',
  celsius: 'C',
  megahertz: 'MHz',
  'kilowatt-hours': 'kWh',
  plain: '',
} as const;

/**
 * The values that a chart draws, a row a point: UTC or seconds since the start, then the mean of each series and, where they are drawn, its lowest and highest.
 * Dot decimals, not rounded; an empty cell is no reading. A name can never become a formula.
 */
export function chartCsv(props: TimeChartProps): string {
  const unit = unitWords[props.unit];
  const all = [...(props.total === undefined ? [] : [props.total]), ...props.series];
  const columns = all.flatMap(({ label, mean, min, max }) => {
    const named = (word: string): string => `${label} ${word}${unit === '' ? '' : ` (${unit})`}`;
    return [
      { name: named('mean'), values: mean },
      ...(min === undefined || max === undefined
        ? []
        : [
            { name: named('min'), values: min },
            { name: named('max'), values: max },
          ]),
    ];
  });
  const isElapsed = props.isElapsed === true;
  const rows = props.timesMs.flatMap((atMs, index) =>
    atMs < props.fromMs || atMs > props.toMs
      ? []
      : [
          [
            isElapsed ? secondsFromMs(atMs) : new Date(atMs).toISOString(),
            ...columns.map(({ values }) => values[index] ?? null),
          ],
        ],
  );
  const header = [isElapsed ? 'elapsed_seconds' : 'time_utc', ...columns.map(({ name }) => name)];
  const lines = { record_delimiter: 'windows', quoted_match: /[\r\n]/ } as const;
  return stringify([header], { ...lines, escape_formulas: true }) + stringify(rows, lines);
}
