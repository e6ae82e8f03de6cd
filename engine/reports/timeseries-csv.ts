import { isoFromUnixMs } from '../../shared/units.ts';
import { csvLine } from './csv-cells.ts';
import type { ExportDefinition } from './export-format.ts';

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

/** One row a sample and domain; `energy_joules` is the domain's since its sample before, `run_energy_joules` the run's share of that. */
export const timeSeriesCsvExport: ExportDefinition = {
  format: { id: 'timeseries-csv', label: 'CSV, one row a sample', extension: 'csv', mimeType: 'text/csv' },
  *render(runs) {
    yield csvLine(header);
    for (const { report, timeSeries } of runs) {
      const names = new Map(report.energy.domains.map((domain) => [domain.id, domain.name]));
      for (const row of timeSeries()) {
        yield csvLine([
          report.run.id,
          report.run.name,
          isoFromUnixMs(row.atMs),
          row.domainId,
          names.get(row.domainId) ?? '',
          row.powerWatts,
          row.joules,
          row.runJoules,
          row.utilizationRatio,
          row.memoryUsedBytes,
          row.temperatureCelsius,
          row.clockMegahertz,
          row.provenance,
          report.run.isSimulated,
        ]);
      }
    }
  },
};
