import type { DomainKind } from '../../shared/model/domain.ts';
import type { RunDomain, RunReport } from '../../shared/model/run.ts';
import { kilo, kwhFromJoules, meanWatts, percentFromRatio } from '../../shared/units.ts';
import { type CodecarbonColumn, codecarbonColumns } from './codecarbon-columns.ts';
import { type CsvValue, csvLine } from './csv-cells.ts';
import type { ExportDefinition } from './export-format.ts';
import { localTimeText } from './local-time.ts';

/** CodeCarbon's cells of a run; what Wattrun does not know is absent, and the cell empty. */
function cellsOf(report: RunReport, version: string): Partial<Record<CodecarbonColumn, CsvValue>> {
  const { run, energy, emissions, utilization } = report;
  const { pue } = emissions;
  const kilograms = emissions.gramsCO2e === null ? null : emissions.gramsCO2e / kilo;
  const gpus = domainsOf(report, ['gpu', 'module']);
  const cpus = domainsOf(report, ['cpu']);
  const parts = {
    cpu: joulesOf(cpus),
    gpu: joulesOf(gpus),
    ram: joulesOf(domainsOf(report, ['dram'])),
  };
  const watts = (joules: number | null): number | null =>
    joules === null ? null : meanWatts(joules, run.durationSeconds);
  const kwhWithPue = (joules: number | null): number | null => (joules === null ? null : kwhFromJoules(joules) * pue);
  return {
    // In local time without a zone, of the run's end: so CodeCarbon dates its rows.
    timestamp: run.endedAt === null ? null : localTimeText(Date.parse(run.endedAt)),
    project_name: run.project,
    run_id: run.id,
    duration: run.durationSeconds,
    emissions: kilograms,
    emissions_rate: kilograms === null || run.durationSeconds <= 0 ? null : kilograms / run.durationSeconds,
    cpu_power: watts(parts.cpu),
    gpu_power: watts(parts.gpu),
    ram_power: watts(parts.ram),
    cpu_energy: kwhWithPue(parts.cpu),
    gpu_energy: kwhWithPue(parts.gpu),
    ram_energy: kwhWithPue(parts.ram),
    energy_consumed: kwhWithPue(energy.totalJoules),
    country_name: emissions.regionName,
    country_iso_code: /^[A-Z]{3}$/.test(emissions.region) ? emissions.region : null,
    codecarbon_version: `wattrun ${version}`,
    cpu_model: cpus[0]?.name ?? null,
    gpu_count: gpus.length,
    gpu_model: countedNames(gpus),
    tracking_mode: 'process',
    cpu_utilization_percent: percentOrNull(meanOf(cpus.map((cpu) => cpu.meanUtilizationRatio))),
    gpu_utilization_percent: percentOrNull(utilization.meanGpuRatio),
    on_cloud: 'N',
    pue,
  };
}

const percentOrNull = (ratio: number | null): number | null => (ratio === null ? null : percentFromRatio(ratio));

/** Domains that the run drew from. */
const domainsOf = ({ energy }: RunReport, kinds: readonly DomainKind[]): readonly RunDomain[] =>
  energy.domains.filter((domain) => kinds.includes(domain.kind) && (domain.runJoules ?? 0) > 0);

function joulesOf(domains: readonly RunDomain[]): number | null {
  return domains.length === 0 ? null : domains.reduce((sum, domain) => sum + (domain.runJoules ?? 0), 0);
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** '2 x NVIDIA H100', as CodeCarbon writes it. */
function countedNames(domains: readonly RunDomain[]): string | null {
  const counts = new Map<string, number>();
  for (const { name } of domains) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts.size === 0 ? null : [...counts].map(([name, count]) => `${count} x ${name}`).join(', ');
}

/** A row a run as CodeCarbon's emissions.csv has it, for tools that read that. */
export const codecarbonCsvExport: ExportDefinition = {
  format: { id: 'codecarbon-csv', label: 'CodeCarbon emissions.csv', extension: 'csv', mimeType: 'text/csv' },
  *render(runs, { version }) {
    yield csvLine(codecarbonColumns);
    for (const { report } of runs) {
      const cells = cellsOf(report, version);
      yield csvLine(codecarbonColumns.map((column) => cells[column] ?? null));
    }
  },
};
