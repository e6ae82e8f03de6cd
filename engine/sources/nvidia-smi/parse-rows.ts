/** A cell of nvidia-smi's CSV: a number, or the words that came in its place ('N/A', 'GPU is lost'). */
export type Cell =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'missing'; readonly text: string };

/** DCGM's and NVML's blank values, which some drivers print as if they were readings. */
const leastBlank = 9_000_000_000_000_000_000;

/**
 * '98.14 W', '98.14', '100 %', '0x0000000000000004', '[N/A]', 'N/A', '[Unknown Error]', '[Requested functionality has been deprecated]'.
 * Whatever is not a number is missing, with its reason; never 0.
 */
export function parseCell(raw: string): Cell {
  const text = raw.trim();
  const match = /^(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?:\s*(?:W|W\/s|MiB|%|MHz|C|us|ms|s|seconds|mJ))?$/i.exec(text);
  if (match !== null) {
    const value = Number(match[1]);
    return Math.abs(value) < leastBlank ? { kind: 'number', value } : { kind: 'missing', text };
  }
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return { kind: 'number', value: Number(text) };
  return { kind: 'missing', text: text.replace(/^\[|\]$/g, '') };
}

export const numberOf = (cell: Cell | undefined): number | null => (cell?.kind === 'number' ? cell.value : null);

/** A number that cannot be below zero, as power and memory cannot; null for one that is. */
export function quantityOf(cell: Cell | undefined): number | null {
  const value = numberOf(cell);
  return value !== null && value >= 0 ? value : null;
}

/** The whole second that was read last: GPUs in a row, and rows within a second, have the same. */
let lastSecond: { readonly text: string; readonly unixMs: number } = { text: '', unixMs: Number.NaN };

/** `2026/07/14 09:00:44.742`, the machine's local time without a zone, as Unix milliseconds; null when it is something else. */
export function parseTimestamp(raw: string): number | null {
  const match = /^(\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2})(?:\.(\d{1,3}))?$/.exec(raw.trim());
  if (match === null) return null;
  const [, text = '', fraction = '0'] = match;
  if (text !== lastSecond.text) lastSecond = { text, unixMs: unixMsOfSecond(text) };
  const unixMs = lastSecond.unixMs + Number(fraction.padEnd(3, '0'));
  return Number.isFinite(unixMs) ? unixMs : null;
}

function unixMsOfSecond(text: string): number {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = text.split(/[/ :]/).map(Number);
  return new Date(year, month - 1, day, hour, minute, second).getTime();
}

export interface SmiRow {
  readonly cells: ReadonlyMap<string, string>;
}

/**
 * Splits one CSV line into the queried fields. nvidia-smi quotes nothing: free text is asked for last and takes what is left over.
 * Null for anything that is not a row of this query: banners, warnings, headers, half lines.
 */
export function parseRow(line: string, fields: readonly string[]): SmiRow | null {
  const parts = line.replace(/\r$/, '').split(', ');
  if (parts.length < fields.length) return null;
  const head = parts.slice(0, fields.length - 1);
  const values = [...head, parts.slice(fields.length - 1).join(', ')];
  const cells = new Map(fields.map((field, i) => [field, (values[i] ?? '').trim()]));
  const uuid = cells.get('uuid');
  return uuid !== undefined && /^(GPU|MIG)-/i.test(uuid) ? { cells } : null;
}

/** The field that a failed query complains about: `Field "x" is not a valid field to query.` */
export const parseInvalidField = (text: string): string | null =>
  /Field "([^"]+)" is not a valid field/.exec(text)?.[1] ?? null;

export interface ComputeApp {
  readonly gpuUuid: string;
  readonly pid: number;
  readonly usedMebibytes: number | null;
  readonly name: string;
}

/** `--query-compute-apps=gpu_uuid,pid,used_gpu_memory,process_name --format=csv,noheader,nounits`. */
export function parseComputeApps(text: string): readonly ComputeApp[] {
  return text.split('\n').flatMap((line) => computeAppOf(line.replace(/\r$/, '').split(', ')) ?? []);
}

/** A list of processes, or a line of one, that this user is not to see, or that the tool does not know. */
export const isWithheld = (text: string): boolean => /Insufficient Permissions|not a valid field/i.test(text);

/** One line of the same query with `timestamp` before the others; null for any other line. */
export function parseTimedComputeApp(line: string): { readonly timestamp: string; readonly app: ComputeApp } | null {
  const [timestamp = '', ...cells] = line.replace(/\r$/, '').split(', ');
  const app = parseTimestamp(timestamp) === null ? null : computeAppOf(cells);
  return app === null ? null : { timestamp, app };
}

function computeAppOf(cells: readonly string[]): ComputeApp | null {
  const [uuidText = '', pidText = '', memoryText = '', ...name] = cells;
  const gpuUuid = uuidText.trim();
  const pid = quantityOf(parseCell(pidText));
  if (!/^(GPU|MIG)-/i.test(gpuUuid) || !Number.isSafeInteger(pid) || pid === null) return null;
  return { gpuUuid, pid, usedMebibytes: quantityOf(parseCell(memoryText)), name: name.join(', ').trim() };
}
