import { dsvFormat } from 'd3-dsv';
import type { GridProviderDescriptor, IntensityKind, IntensityPoint } from '../../../shared/model/carbon.ts';
import { msFromHours } from '../../../shared/units.ts';
import { type GridReading, problemReading } from './grid-provider.ts';
import { plausiblePoints } from './plausible.ts';

export const csvDescriptor: GridProviderDescriptor = {
  id: 'csv',
  label: 'CSV file',
  needsToken: false,
  needsFile: true,
  hasForecast: false,
  zoneExample: '',
  defaultUrl: null,
  periodSeconds: 60,
  method: 'unstated',
  terms: '',
};

/** Column names, lower case and without what is not a letter or digit. The life cycle before what leaves the chimney. */
const fromNames = ['from', 'start', 'datetimeutc', 'datetime', 'timestamp', 'time'];
const toNames = ['to', 'end'];
const gramNames = [
  'gco2eperkwh',
  'intensitygramsco2eperkwh',
  'carbonintensitygco2eqkwhlifecycle',
  'carbonintensitygco2eqkwhlca',
  'carbonintensitygco2eqkwhdirect',
  'carbonintensity',
  'intensity',
];
const plain = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');

/** Two years of five minutes. */
const mostRows = 220_000;

interface CsvContext {
  readonly nowMs: number;
  readonly fileName: string;
}

/**
 * A table of intensities: `from` (ISO 8601; without a zone it is UTC), `to` (may be left out: up to the next row, the last one as long as the one
 * before it), `gco2e_per_kwh`, and where wanted `kind` (average or marginal) and `estimated` (true). Electricity Maps' downloads are understood too.
 */
export function parseIntensityCsv(text: string, { nowMs, fileName }: CsvContext): GridReading {
  const bare = text.replace(/^\uFEFF/, '');
  const lineEnd = bare.indexOf('\n');
  const firstLine = lineEnd < 0 ? bare : bare.slice(0, lineEnd);
  const rows = dsvFormat(firstLine.includes(';') ? ';' : ',').parseRows(bare);
  if (rows.length > mostRows) return problemReading('wrong-answer', 'It has more than 220,000 rows.');
  const [head = [], ...body] = rows;
  const names = head.map(plain);
  const columnOf = (wanted: readonly string[]): number =>
    wanted.map((name) => names.indexOf(name)).find((index) => index >= 0) ?? -1;
  const columns = {
    from: columnOf(fromNames),
    to: columnOf(toNames),
    grams: columnOf(gramNames),
    kind: columnOf(['kind']),
    estimated: columnOf(['estimated', 'isestimated', 'dataestimated']),
  };
  if (columns.from < 0 || columns.grams < 0)
    return problemReading('wrong-answer', 'It needs the columns from and gco2e_per_kwh.');
  const read: Row[] = [];
  for (const [index, cells] of body.entries()) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    const row = rowOf(cells, columns, index + 2);
    if (typeof row === 'string') return problemReading('wrong-answer', row);
    read.push(row);
  }
  const kinds = new Set(read.map((row) => row.kind));
  if (kinds.size > 1)
    return problemReading('wrong-answer', 'It mixes average and marginal intensities: keep them in two files.');
  const points = withEnds(read.toSorted((a, b) => a.fromMs - b.fromMs)).map(
    (row): IntensityPoint => ({ ...row, source: `file ${fileName}` }),
  );
  // What has not begun is a forecast at best: no reading.
  const past = points.filter((point) => point.fromMs <= nowMs);
  return plausiblePoints(past, Number.POSITIVE_INFINITY);
}

type Row = Omit<IntensityPoint, 'toMs' | 'source'> & { readonly toMs: number | null };

function rowOf(
  cells: readonly string[],
  columns: Readonly<Record<'from' | 'to' | 'grams' | 'kind' | 'estimated', number>>,
  line: number,
): Row | string {
  const cell = (column: number): string => (column < 0 ? '' : (cells[column] ?? '').trim());
  const fromMs = timeOf(cell(columns.from));
  const toMs = cell(columns.to) === '' ? null : timeOf(cell(columns.to));
  const grams = cell(columns.grams) === '' ? Number.NaN : Number(cell(columns.grams).replace(',', '.'));
  const kind = (cell(columns.kind).toLowerCase() || 'average') as IntensityKind;
  if (Number.isNaN(fromMs) || (toMs !== null && Number.isNaN(toMs))) return `Line ${line}: no time that can be read.`;
  if (!Number.isFinite(grams)) return `Line ${line}: no number of g CO2e/kWh.`;
  if (kind !== 'average' && kind !== 'marginal') return `Line ${line}: the kind must be average or marginal.`;
  return { fromMs, toMs, kind, gramsCO2ePerKwh: grams, isEstimated: /^(true|1|yes)$/i.test(cell(columns.estimated)) };
}

/** ISO 8601; 'T' may be a space, and without a zone it is UTC. NaN where it is none. */
function timeOf(text: string): number {
  if (!/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?Z|[+-]\d\d:?\d\d)?)?$/.test(text)) return Number.NaN;
  const iso = text.replace(' ', 'T').replace(' Z', 'Z');
  return Date.parse(iso.length <= 10 || /(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`);
}

const longestOpenMs = msFromHours(24);

function withEnds(rows: readonly Row[]): (Row & { readonly toMs: number })[] {
  return rows.map((row, index) => {
    const next = rows[index + 1]?.fromMs;
    const before = rows[index - 1]?.fromMs;
    const guessed = next ?? (before === undefined ? row.fromMs + msFromHours(1) : row.fromMs + (row.fromMs - before));
    return { ...row, toMs: row.toMs ?? Math.min(guessed, row.fromMs + longestOpenMs) };
  });
}
