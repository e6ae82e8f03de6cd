import type { RunReport } from '../../shared/model/run.ts';
import type { ExportDefinition } from './export-format.ts';

interface Family {
  readonly name: string;
  readonly unit: string;
  readonly help: string;
  readonly value: (report: RunReport) => number | null;
}

/** Gauges: a run that is over counts no more. Each run's are dated at its end. */
const families: readonly Family[] = [
  {
    name: 'wattrun_run_energy_joules',
    unit: 'joules',
    help: 'Energy of a run.',
    value: ({ energy }) => energy.totalJoules,
  },
  {
    name: 'wattrun_run_energy_low_joules',
    unit: 'joules',
    help: "Lower bound of a run's energy.",
    value: ({ energy }) => energy.lowJoules,
  },
  {
    name: 'wattrun_run_energy_high_joules',
    unit: 'joules',
    help: "Upper bound of a run's energy.",
    value: ({ energy }) => energy.highJoules,
  },
  {
    name: 'wattrun_run_emissions_grams',
    unit: 'grams',
    help: 'Emissions of a run in grams of CO2e.',
    value: ({ emissions }) => emissions.gramsCO2e,
  },
  {
    name: 'wattrun_run_duration_seconds',
    unit: 'seconds',
    help: 'Duration of a run.',
    value: ({ run }) => run.durationSeconds,
  },
  {
    name: 'wattrun_run_mean_power_watts',
    unit: 'watts',
    help: 'Mean power of a run.',
    value: ({ energy }) => energy.meanWatts,
  },
  {
    name: 'wattrun_run_peak_power_watts',
    unit: 'watts',
    help: 'Peak power of a run.',
    value: ({ energy }) => energy.peakWatts,
  },
  {
    name: 'wattrun_run_coverage_ratio',
    unit: 'ratio',
    help: "Share of a run's time that was measured.",
    value: ({ energy }) => energy.coverage,
  },
];

/** Backslash, quote and line feed as the specification has them; other control characters have no place in a line. */
const escapeLabel = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll(/\p{Cc}/gu, ' ')
    .toWellFormed();

function labelsOf({ run, energy }: RunReport): string {
  const labels = {
    run: run.id,
    name: run.name,
    project: run.project ?? '',
    status: run.status,
    evidence: energy.provenance ?? '',
    simulated: String(run.isSimulated),
    // Only where there is something to say: a label more makes another series.
    ...(run.stoppedBy === null ? {} : { stopped_by: run.stoppedBy.rule }),
    ...(run.isPaused ? { paused: 'true' } : {}),
  };
  return Object.entries(labels)
    .map(([key, value]) => `${key}="${escapeLabel(value)}"`)
    .join(',');
}

interface Dated {
  readonly labels: string;
  readonly atSeconds: number;
  readonly values: readonly (number | null)[];
}

/** OpenMetrics text of runs on record, for a backfill (`promtool tsdb create-blocks-from openmetrics`). Source: https://prometheus.io/docs/specs/om/open_metrics_spec/ */
export const openMetricsExport: ExportDefinition = {
  format: { id: 'openmetrics', label: 'OpenMetrics', extension: 'txt', mimeType: 'application/openmetrics-text' },
  *render(runs) {
    // A family's samples stand together, so each run's few numbers are kept; its samples are not read.
    const kept: Dated[] = [];
    for (const { report } of runs) {
      const { endedAt, startedAt, durationSeconds } = report.run;
      const atSeconds = endedAt === null ? Date.parse(startedAt) / 1000 + durationSeconds : Date.parse(endedAt) / 1000;
      kept.push({ labels: labelsOf(report), atSeconds, values: families.map((family) => family.value(report)) });
    }
    for (const [index, { name, unit, help }] of families.entries()) {
      yield `# TYPE ${name} gauge\n# UNIT ${name} ${unit}\n# HELP ${name} ${help}\n`;
      for (const { labels, atSeconds, values } of kept) {
        const value = values[index] ?? null;
        if (value !== null) yield `${name}{${labels}} ${value} ${atSeconds.toFixed(3)}\n`;
      }
    }
    yield '# EOF\n';
  },
};
