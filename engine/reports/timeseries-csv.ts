import { isoFromUnixMs } from '../../shared/units.ts';
import { csvCell, csvLine } from './csv-cells.ts';
import type { ExportDefinition, ExportRun } from './export-format.ts';

const header = [
  'run_id',
  'run_name',
  'time_utc',
  'domain_id',
  'domain_name',
  'power_watts',
  'energy_joules',
  'run_energy_joules',
  'utilization_ratio',
  'memory_used_bytes',
  'temperature_celsius',
  'clock_megahertz',
  'evidence',
  'is_simulated',
];

/** Characters after which rows are given on: joining pieces costs more than a row. */
const pieceCharacters = 64 * 1024;

const numberCell = (value: number | null): string => (value === null || !Number.isFinite(value) ? '' : `${value}`);

/** What a run's rows have in common is written once; a row is its numbers. */
function* rowsOf({ report, timeSeries }: ExportRun): Generator<string, undefined> {
  const head = `${csvCell(report.run.id)},${csvCell(report.run.name)},`;
  const tail = `,${report.run.isSimulated}\r\n`;
  const names = new Map(report.energy.domains.map((domain) => [domain.id, domain.name]));
  const domainCells = new Map<string, string>();
  const domainCellsOf = (id: string): string => {
    const known = domainCells.get(id);
    if (known !== undefined) return known;
    const cells = `,${csvCell(id)},${csvCell(names.get(id) ?? '')},`;
    domainCells.set(id, cells);
    return cells;
  };
  let text = '';
  let atMs = Number.NaN;
  let time = '';
  for (const row of timeSeries()) {
    if (row.atMs !== atMs) {
      atMs = row.atMs;
      time = isoFromUnixMs(atMs);
    }
    text += `${head}${time}${domainCellsOf(row.domainId)}${numberCell(row.powerWatts)},${numberCell(row.joules)},${numberCell(row.runJoules)},${numberCell(row.utilizationRatio)},${numberCell(row.memoryUsedBytes)},${numberCell(row.temperatureCelsius)},${numberCell(row.clockMegahertz)},${row.provenance ?? ''}${tail}`;
    if (text.length < pieceCharacters) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
  return undefined;
}

/**
 * One row a sample and domain; `energy_joules` is the domain's since its sample before, as far as the run was on, `run_energy_joules` the run's share of it, never more.
 * In older records what waited for a list of who used a GPU came with a later row, or at the run's end with one of its own, without the domain's power and energy.
 */
export const timeSeriesCsvExport: ExportDefinition = {
  format: { id: 'timeseries-csv', label: 'CSV, one row a sample', extension: 'csv', mimeType: 'text/csv' },
  *render(runs) {
    yield csvLine(header);
    for (const run of runs) yield* rowsOf(run);
  },
};
