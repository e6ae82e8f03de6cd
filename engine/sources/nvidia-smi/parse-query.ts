import { type Cell, parseCell } from './parse-rows.ts';
import { parseTrouble } from './parse-trouble.ts';

/** A column of the tool's CSV: 'power.draw [W]' has the name 'power.draw' and the unit 'W'. */
export interface QueryColumn {
  readonly name: string;
  /** Null where the header has none, and for every column under `nounits`, which keeps the header's. */
  readonly unit: string | null;
}

export interface QueryRow {
  /** The printed text of a column, by its name in the header; '' where nothing was printed, null for no such column. */
  text(name: string): string | null;
  /** The same as a number, or as the words that came in its place. */
  cell(name: string): Cell;
}

export interface QueryTable {
  readonly columns: readonly QueryColumn[];
  readonly rows: readonly QueryRow[];
  /** Lines between the rows that are no row: 'Unable to determine the device handle for GPU0000:02:00.0: Unknown Error'. */
  readonly words: readonly string[];
}

/**
 * Reads `--query-gpu=… --format=csv` or `--query-compute-apps=… --format=csv` with its header line, with or without `nounits`. Values are told by the
 * header, whose names may differ from those that were asked for ('gpu_utilization' for gpu_util) and whose number is 13 to 241.
 * Nothing is quoted: surplus commas belong to the one column of free text. Null where no line is a header.
 */
export function parseQuery(text: string): QueryTable | null {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const headerAt = lines.findIndex((line) => parseHeader(line) !== null);
  const columns = parseHeader(lines[headerAt] ?? '');
  if (columns === null) return null;
  const places = new Map(columns.map((column, at) => [column.name, at] as const).reverse());
  const words = lines.slice(0, headerAt).filter((line) => line.trim() !== '');
  const rows: QueryRow[] = [];
  for (const line of lines.slice(headerAt + 1)) {
    if (line.trim() === '') continue;
    const values = valuesOf(line, columns);
    if (values === null) words.push(line);
    else rows.push(rowOf(values, places));
  }
  return { columns, rows, words };
}

/** Columns of a header line; null for any other line. A name is words of letters joined by dots and underscores: no value but 'Enabled' is. */
export function parseHeader(line: string): readonly QueryColumn[] | null {
  const columns: QueryColumn[] = [];
  for (const cell of line.trim().split(', ')) {
    const match = /^([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)(?: \[([^[\]]{1,20})\])?$/i.exec(cell);
    if (match === null) return null;
    columns.push({ name: match[1] ?? '', unit: match[2] ?? null });
  }
  return columns.some(({ name, unit }) => unit !== null || /[._]/.test(name) || plainNames.has(name)) ? columns : null;
}

/** Names that a sentence of one word could not be. */
const plainNames: ReadonlySet<string> = new Set([
  'timestamp',
  'uuid',
  'name',
  'index',
  'count',
  'serial',
  'pid',
  'pstate',
]);

/** Columns whose text may hold ', ', the likeliest first: paths and command lines more than the names of products. */
const freeTexts = ['process_name', 'name', 'gpu_name'];

function valuesOf(line: string, columns: readonly QueryColumn[]): readonly string[] | null {
  const trouble = parseTrouble(line);
  if (trouble !== null && trouble.reason !== 'unknown') return null;
  const parts = line.split(', ');
  const surplus = parts.length - columns.length;
  if (surplus < 0 || surplus > mostSurplus) return null;
  if (surplus === 0) return parts;
  const freeAt = freeTexts.map((name) => columns.findIndex((column) => column.name === name)).find((at) => at >= 0);
  if (freeAt === undefined) return null;
  const end = freeAt + surplus + 1;
  return [...parts.slice(0, freeAt), parts.slice(freeAt, end).join(', '), ...parts.slice(end)];
}

/** More commas than this in a name are no name. */
const mostSurplus = 1000;

function rowOf(values: readonly string[], places: ReadonlyMap<string, number>): QueryRow {
  const text = (name: string): string | null => {
    const at = places.get(name);
    return at === undefined ? null : (values[at] ?? '').trim();
  };
  return { text, cell: (name) => parseCell(text(name) ?? '') };
}
