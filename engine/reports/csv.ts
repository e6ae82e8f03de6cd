import { shellCommand } from '../../shared/format/shell-command.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { kwhFromJoules } from '../../shared/units.ts';
import { type CsvValue, csvLine } from './csv-cells.ts';
import type { ExportDefinition, ExportRun } from './export-format.ts';

interface CsvColumn {
  readonly name: string;
  readonly value: (report: RunReport) => CsvValue;
}

const kindJoules = (report: RunReport, kind: string): number | null => {
  const known = report.energy.domains
    .filter((domain) => domain.kind === kind)
    .map((domain) => domain.runJoules)
    .filter((joules) => joules !== null);
  return known.length === 0 ? null : known.reduce((sum, joules) => sum + joules, 0);
};
const kwhOrNull = (joules: number | null): number | null => (joules === null ? null : kwhFromJoules(joules));

/** Fixed, and only ever added to at the end: scripts read these by name and by place. */
export const csvColumns: readonly CsvColumn[] = [
  { name: 'run_id', value: ({ run }) => run.id },
  { name: 'name', value: ({ run }) => run.name },
  { name: 'project', value: ({ run }) => run.project },
  {
    name: 'tags',
    value: ({ run }) =>
      Object.entries(run.tags)
        .map(([key, value]) => `${key}=${value}`)
        .join(';'),
  },
  { name: 'status', value: ({ run }) => run.status },
  { name: 'exit_code', value: ({ run }) => run.exitCode },
  { name: 'found_by', value: ({ run }) => run.foundBy },
  { name: 'host', value: ({ run }) => run.host },
  { name: 'command', value: ({ run }) => (run.command === null ? null : shellCommand(run.command)) },
  { name: 'cwd', value: ({ run }) => run.cwd },
  { name: 'git_commit', value: ({ run }) => run.gitCommit },
  { name: 'started_at_utc', value: ({ run }) => run.startedAt },
  { name: 'ended_at_utc', value: ({ run }) => run.endedAt },
  { name: 'duration_seconds', value: ({ run }) => run.durationSeconds },
  { name: 'energy_joules', value: ({ energy }) => energy.totalJoules },
  { name: 'energy_low_joules', value: ({ energy }) => energy.lowJoules },
  { name: 'energy_high_joules', value: ({ energy }) => energy.highJoules },
  { name: 'energy_kwh', value: ({ energy }) => kwhOrNull(energy.totalJoules) },
  { name: 'gpu_energy_joules', value: (report) => kindJoules(report, 'gpu') },
  { name: 'cpu_energy_joules', value: (report) => kindJoules(report, 'cpu') },
  { name: 'dram_energy_joules', value: (report) => kindJoules(report, 'dram') },
  { name: 'machine_energy_joules', value: ({ energy }) => energy.machineJoules },
  { name: 'mean_power_watts', value: ({ energy }) => energy.meanWatts },
  { name: 'peak_power_watts', value: ({ energy }) => energy.peakWatts },
  { name: 'coverage_ratio', value: ({ energy }) => energy.coverage },
  { name: 'evidence', value: ({ energy }) => energy.provenance },
  { name: 'emissions_grams_co2e', value: ({ emissions }) => emissions.gramsCO2e },
  { name: 'intensity_grams_co2e_per_kwh', value: ({ emissions }) => emissions.intensityGramsCO2ePerKwh },
  { name: 'intensity_source', value: ({ emissions }) => emissions.intensitySource },
  { name: 'intensity_year', value: ({ emissions }) => emissions.intensityYear },
  { name: 'region', value: ({ emissions }) => emissions.region },
  { name: 'pue_ratio', value: ({ emissions }) => emissions.pue },
  { name: 'cost_amount', value: ({ cost }) => cost?.amount ?? null },
  { name: 'cost_currency', value: ({ cost }) => cost?.currency ?? null },
  { name: 'price_per_kwh', value: ({ cost }) => cost?.pricePerKwh ?? null },
  { name: 'mean_gpu_utilization_ratio', value: ({ utilization }) => utilization.meanGpuRatio },
  { name: 'mean_cpu_cores', value: ({ utilization }) => utilization.meanCpuCores },
  { name: 'peak_memory_bytes', value: ({ utilization }) => utilization.peakMemoryBytes },
  { name: 'gaps', value: ({ energy }) => energy.domains.reduce((sum, domain) => sum + domain.gaps.length, 0) },
  { name: 'is_simulated', value: ({ run }) => run.isSimulated },
  ...(
    [
      ['epochs', 'epoch'],
      ['steps', 'step'],
      ['samples', 'sample'],
      ['tokens', 'token'],
    ] as const
  ).flatMap(([kind, noun]): readonly CsvColumn[] => [
    { name: kind, value: ({ progress }) => progress[kind]?.count ?? null },
    { name: `energy_per_${noun}_joules`, value: ({ progress }) => progress[kind]?.joulesEach ?? null },
    { name: `energy_per_${noun}_low_joules`, value: ({ progress }) => progress[kind]?.lowJoulesEach ?? null },
    { name: `energy_per_${noun}_high_joules`, value: ({ progress }) => progress[kind]?.highJoulesEach ?? null },
  ]),
  { name: 'market_emissions_grams_co2e', value: ({ emissions }) => emissions.market?.gramsCO2e ?? null },
  {
    name: 'market_intensity_grams_co2e_per_kwh',
    value: ({ emissions }) => emissions.market?.intensityGramsCO2ePerKwh ?? null,
  },
  { name: 'embodied_grams_co2e', value: ({ emissions }) => emissions.embodied?.gramsCO2e ?? null },
  { name: 'water_liters', value: ({ emissions }) => emissions.water?.liters ?? null },
  ...(['run', 'epoch', 'step', 'sample', 'token'] as const).map((noun): CsvColumn => {
    const key = { run: 'perRun', epoch: 'perEpoch', step: 'perStep', sample: 'perSample', token: 'perToken' } as const;
    return { name: `sci_per_${noun}_grams_co2e`, value: ({ emissions }) => emissions.sci?.[key[noun]] ?? null };
  }),
  // Its status stays one of the five words.
  { name: 'stopped_by', value: ({ run }) => run.stoppedBy?.rule ?? null },
  { name: 'is_paused', value: ({ run }) => run.isPaused },
];

/** A header and one line a run. */
export function* csvPieces(runs: Iterable<ExportRun>): Generator<string, undefined> {
  yield csvLine(csvColumns.map((column) => column.name));
  for (const { report } of runs) yield csvLine(csvColumns.map((column) => column.value(report)));
  return undefined;
}

/** One row a run. */
export const csvExport: ExportDefinition = {
  format: { id: 'csv', label: 'CSV, one row a run', extension: 'csv', mimeType: 'text/csv' },
  render: csvPieces,
};
