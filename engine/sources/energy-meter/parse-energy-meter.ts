import { joulesFromPicowattHours, wattsFromMilliwatts } from '../../../shared/units.ts';

/** An instance of the counter set 'Energy Meter' that is summed: a package, or the DRAM beside it. */
export interface MeterInstance {
  readonly kind: 'package' | 'dram';
  /** Number in 'RAPL_Package0_PKG'. */
  readonly index: number;
  /** Column of its mean power since the row before, in mW; null where there is none. */
  readonly powerColumn: number | null;
  /** Column of its energy since the machine started, in pWh; null where there is none. */
  readonly energyColumn: number | null;
}

export interface MeterValues {
  readonly powerWatts: number | null;
  readonly counterJoules: number | null;
}

const mostColumns = 10_000;

/**
 * One line of quoted CSV as typeperf writes it, `"…","…"`, a quote within a field doubled. Null for anything else: 'Exiting, please wait…' and
 * whatever a translated Windows says in its place, half a line.
 */
export function parseQuotedRow(line: string): readonly string[] | null {
  const text = line.trim();
  const fields: string[] = [];
  const field = /"((?:[^"]|"")*)"(,|$)/y;
  while (fields.length < mostColumns) {
    const match = field.exec(text);
    if (match === null) return null;
    fields.push((match[1] ?? '').replaceAll('""', '"'));
    if (match[2] === '') return field.lastIndex === text.length ? fields : null;
  }
  return null;
}

/**
 * The columns of `"(PDH-CSV 4.0)","\\PC\Energy Meter(RAPL_Package0_PKG)\Power",…`. Only packages and DRAM are taken: cores, PP0 and PP1 lie inside the
 * package and `_Total` adds all of them up once more. Null where the row is no header.
 */
export function parseMeterHeader(fields: readonly string[]): readonly MeterInstance[] | null {
  if (!/^\(PDH-CSV\b/i.test(fields[0] ?? '')) return null;
  const found = new Map<string, MeterInstance>();
  fields.forEach((path, column) => {
    const match = /\(rapl_package(\d{1,3})_(pkg|dram)\)\\(power|energy)$/i.exec(path);
    if (match === null) return;
    const index = Number(match[1]);
    const kind = match[2]?.toLowerCase() === 'pkg' ? 'package' : 'dram';
    const before = found.get(`${kind}${index}`) ?? { kind, index, powerColumn: null, energyColumn: null };
    const isPower = match[3]?.toLowerCase() === 'power';
    found.set(`${kind}${index}`, isPower ? { ...before, powerColumn: column } : { ...before, energyColumn: column });
  });
  return [...found.values()].sort((a, b) => a.kind.localeCompare(b.kind) * -1 || a.index - b.index);
}

/**
 * A value with a point or, by the locale, a comma before its decimals; never a thousands separator. Missing values are blank or -1. Null for these.
 */
export function parseMeterNumber(text: string): number | null {
  const match = /^\s*(\d{1,20})(?:[.,](\d{1,20}))?\s*$/.exec(text);
  return match === null ? null : Number(`${match[1]}.${match[2] ?? '0'}`);
}

/** The values of one instance in a row under that header. */
export function parseMeterValues(fields: readonly string[], instance: MeterInstance): MeterValues {
  const at = (column: number | null): number | null =>
    column === null ? null : parseMeterNumber(fields[column] ?? '');
  const powerMilliwatts = at(instance.powerColumn);
  const energyPicowattHours = at(instance.energyColumn);
  return {
    powerWatts: powerMilliwatts === null ? null : wattsFromMilliwatts(powerMilliwatts),
    // 0 since the start of the machine: the meter is listed, but not fitted (DRAM of client parts).
    counterJoules:
      energyPicowattHours === null || energyPicowattHours === 0 ? null : joulesFromPicowattHours(energyPicowattHours),
  };
}
