import { createHash } from 'node:crypto';
import { noAccounts } from '../../shared/model/carbon.ts';
import { type Domain, type DomainKind, domainDefaults } from '../../shared/model/domain.ts';
import { joulesFromKwh, kilo, meanWatts } from '../../shared/units.ts';
import { type CodecarbonColumn, codecarbonColumns, droppedColumns } from '../reports/codecarbon-columns.ts';
import { textBeforeSafety } from '../reports/csv-cells.ts';
import type { RunDomainTotals, RunProgress } from '../store/records.ts';

/** A row's cells by CodeCarbon's column names; older versions have fewer columns, in another order. */
export type CodecarbonCells = Readonly<Partial<Record<CodecarbonColumn, string>>>;

export interface ImportedRun {
  readonly progress: RunProgress;
  /** Devices that the row names, for the record's list of domains. */
  readonly domains: readonly Domain[];
}

/** A row that cannot be understood: why, in words that stand beside its line. */
export class RowRefusal extends Error {}

const neededColumns: readonly CodecarbonColumn[] = ['timestamp', 'duration', 'emissions', 'energy_consumed'];

/** What of a header is missing for a row to be a run. */
export const missingColumns = (header: readonly string[]): readonly string[] =>
  neededColumns.filter((column) => !header.includes(column));

/**
 * A row's cells by name. A row of CodeCarbon 3.3.0 that lacks the three columns it drops is mended by putting them back empty, if what then stands in the checkable
 * columns is what belongs there. Any other row whose length is not its header's is refused: padding it would move values under wrong names.
 */
export function cellsOf(
  header: readonly string[],
  fields: readonly string[],
): { readonly cells: CodecarbonCells; readonly isRepaired: boolean } {
  if (fields.length === header.length) return { cells: named(header, fields), isRepaired: false };
  const mended = withDropped(header, fields);
  if (mended !== null) return { cells: named(header, mended), isRepaired: true };
  throw new RowRefusal(
    `${fields.length} fields under a header of ${header.length}: which ones are missing cannot be told`,
  );
}

function named(header: readonly string[], fields: readonly string[]): CodecarbonCells {
  const known = new Set<string>(codecarbonColumns);
  return Object.fromEntries(header.map((name, i) => [name, fields[i] ?? '']).filter(([name = '']) => known.has(name)));
}

function withDropped(header: readonly string[], fields: readonly string[]): readonly string[] | null {
  if (header.length !== codecarbonColumns.length || fields.length !== header.length - droppedColumns.length)
    return null;
  const rest = [...fields];
  const mended = header.map((name) => (droppedColumns.some((dropped) => dropped === name) ? '' : (rest.shift() ?? '')));
  const cells = named(header, mended);
  const isPlausible =
    /^(machine|process)$/.test(cells.tracking_mode ?? '') &&
    /^[YN]$/.test(cells.on_cloud ?? '') &&
    /^\d+(\.\d+)?$/.test(cells.pue ?? '') &&
    /^\d/.test(cells.codecarbon_version ?? '');
  return isPlausible ? mended : null;
}

export interface RowContext {
  /** In place of the row's own. */
  readonly project: string | null;
  readonly colorIndex: number;
}

/** What codecarbon_version begins with in a row that Wattrun exported. */
const ownVersion = 'wattrun ';

/** Cells as they were told before an export of Wattrun's made formulas harmless; any other row's are left as they are. */
export const toldCells = (cells: CodecarbonCells): CodecarbonCells =>
  cells.codecarbon_version?.startsWith(ownVersion) === true
    ? Object.fromEntries(Object.entries(cells).map(([column, text]) => [column, textBeforeSafety(text)]))
    : cells;

/** A row as a run of the record. What CodeCarbon does not tell stays unknown: no bounds, no time series, no method. Throws RowRefusal. */
export function runFromCells(cells: CodecarbonCells, context: RowContext): ImportedRun {
  const endedMs = localMsOf(cells.timestamp ?? '');
  const durationSeconds = numberOf(cells, 'duration');
  const pue = cells.pue === undefined || cells.pue.trim() === '' ? 1 : numberOf(cells, 'pue');
  if (pue < 1) throw new RowRefusal(`pue is ${pue}; it cannot be under 1`);
  const kwh = numberOf(cells, 'energy_consumed');
  const grams = numberOf(cells, 'emissions') * kilo;
  // CodeCarbon multiplies energies by the PUE; Wattrun's are without it.
  const joules = joulesFromKwh(kwh) / pue;
  const parts = partsOf(cells, { pue, durationSeconds });
  const identity = identityOf(cells);
  const iso = cells.country_iso_code?.trim() ?? '';
  const version = cells.codecarbon_version?.trim() ?? '';
  const project = context.project ?? (cells.project_name?.trim() || null);
  return {
    domains: parts.map(({ domain }) => domain),
    progress: {
      record: {
        id: runIdOf(identity),
        name: `${project ?? 'codecarbon'} ${identity.slice(0, 8)}`,
        project,
        tags: tagsOf(cells),
        command: null,
        cwd: null,
        gitCommit: null,
        host: '',
        status: 'finished',
        exitCode: null,
        stoppedBy: null,
        foundBy: 'import',
        startedMs: endedMs - durationSeconds * 1000,
        endedMs,
        durationSeconds,
        rootPid: null,
        job: null,
        memberPids: [],
        startedTicks: {},
        accounts: noAccounts,
        environment: null,
        isSimulated: false,
        colorIndex: context.colorIndex,
        breaks: [],
        notes: '',
        factor: {
          intensityGramsCO2ePerKwh: kwh > 0 ? grams / kwh : 0,
          intensitySource: `CodeCarbon${version === '' ? '' : ` ${version}`}`,
          intensityYear: null,
          region: iso === '' ? 'WORLD' : iso,
          regionName: cells.country_name?.trim() || iso || 'not told',
          pue,
        },
        price: null,
      },
      totals: {
        totalJoules: joules,
        lowJoules: null,
        highJoules: null,
        machineJoules: null,
        coverage: durationSeconds > 0 ? 1 : 0,
        meanWatts: meanWatts(joules, durationSeconds),
        peakWatts: null,
        byProvenance: { assumed: joules },
        devices: parts.map(({ domain }) => domain.name).join(', '),
        cpuSeconds: null,
        peakMemoryBytes: null,
      },
      domains: new Map(parts.map(({ domain, totals }) => [domain.id, totals])),
    },
  };
}

function tagsOf(cells: CodecarbonCells): Record<string, string> {
  const told = {
    codecarbon_run_id: cells.run_id,
    codecarbon_experiment_id: cells.experiment_id,
    tracking_mode: cells.tracking_mode,
  };
  return Object.fromEntries(
    Object.entries(told).flatMap(([key, value]) => (value === undefined || value === '' ? [] : [[key, value]])),
  );
}

/** What makes a row the same run at the next import. */
function identityOf(cells: CodecarbonCells): string {
  const id = cells.run_id?.trim() || cells.experiment_id?.trim();
  if (id !== undefined && id !== '') return id;
  return createHash('sha256').update([cells.timestamp, cells.project_name, cells.duration].join('\n')).digest('hex');
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ten characters as every run's id has, the same for the same row wherever it is imported. */
function runIdOf(identity: string): string {
  const bytes = createHash('sha256').update(`codecarbon ${identity}`).digest();
  return Array.from(bytes.subarray(0, 10), (byte) => alphabet[byte % alphabet.length]).join('');
}

function numberOf(cells: CodecarbonCells, column: CodecarbonColumn): number {
  const text = cells[column]?.trim() ?? '';
  const value = Number(text);
  if (text === '') throw new RowRefusal(`${column} is empty`);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || !Number.isFinite(value))
    throw new RowRefusal(`${column} is no number: ${text.slice(0, 40)}`);
  if (value < 0) throw new RowRefusal(`${column} is negative: ${text.slice(0, 40)}`);
  return value;
}

/** '2026-11-23T17:44:53', local time of the machine that wrote it, which is taken for this one's. */
function localMsOf(text: string): number {
  const found = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d+)?$/.exec(text.trim());
  const [, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found?.map(Number) ?? [];
  const at = new Date(year, month - 1, day, hour, minute, second);
  if (found === null || at.getMonth() !== month - 1 || at.getDate() !== day || hour > 23 || minute > 59 || second > 59)
    throw new RowRefusal(`timestamp is no date: ${text.slice(0, 40)}`);
  return at.getTime();
}

interface Part {
  readonly domain: Domain;
  readonly totals: RunDomainTotals;
}

const partColumns = [
  { kind: 'gpu', energy: 'gpu_energy', model: 'gpu_model', label: 'GPU' },
  { kind: 'cpu', energy: 'cpu_energy', model: 'cpu_model', label: 'CPU' },
  { kind: 'dram', energy: 'ram_energy', model: null, label: 'Memory' },
] as const satisfies readonly {
  kind: DomainKind;
  energy: CodecarbonColumn;
  model: CodecarbonColumn | null;
  label: string;
}[];

/** The devices that have energy in the row. */
function partsOf(
  cells: CodecarbonCells,
  { pue, durationSeconds }: { readonly pue: number; readonly durationSeconds: number },
): readonly Part[] {
  return partColumns.flatMap(({ kind, energy, model, label }): readonly Part[] => {
    if ((cells[energy]?.trim() ?? '') === '') return [];
    const joules = joulesFromKwh(numberOf(cells, energy)) / pue;
    if (joules === 0) return [];
    const name = (model === null ? '' : (cells[model]?.trim() ?? '')) || label;
    return [{ domain: domainOf({ kind, name, label }), totals: totalsOf(joules, durationSeconds) }];
  });
}

const domainOf = ({ kind, name, label }: Pick<Domain, 'kind' | 'name' | 'label'>): Domain => ({
  ...domainDefaults,
  id: `${kind}:codecarbon-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`,
  kind,
  name,
  label,
  index: 0,
  source: 'codecarbon',
  provenance: 'assumed',
});

/** Bounds are not known: they lie on the value, and the run has none. */
const totalsOf = (joules: number, durationSeconds: number): RunDomainTotals => ({
  joules,
  lowJoules: joules,
  highJoules: joules,
  runJoules: joules,
  runLowJoules: joules,
  runHighJoules: joules,
  coveredSeconds: durationSeconds,
  varianceJoules2: 0,
  counterJoules: 0,
  samplesJoules: 0,
  heldBackSeconds: {},
  peakWatts: null,
  byProvenance: { assumed: joules },
  bySplit: { assumed: joules },
  utilizationSum: 0,
  utilizationCount: 0,
  peakMemoryUsedBytes: null,
  peakTemperatureCelsius: null,
  accountedToMs: null,
  unreadWatts: null,
  accountedCounter: null,
});
