import type { DomainKind } from '../../shared/model/domain.ts';
import type { RunDomain, RunReport } from '../../shared/model/run.ts';
import { isoFromUnixMs, kwhFromJoules } from '../../shared/units.ts';
import type { ExportDefinition, ExportScene } from './export-format.ts';

const componentTypes: Readonly<Partial<Record<DomainKind, string>>> = {
  gpu: 'gpu',
  module: 'gpu',
  cpu: 'cpu',
  dram: 'ram',
};

/** 'YYYY-MM-DD HH:MM:SS' in UTC. */
const dateText = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

/** What the standard asks for and no monitor can know is taken from the run's tags, else said to be unknown. */
function taskOf({ run }: RunReport): object {
  const { tags } = run;
  return {
    taskStage: tags.task_stage ?? 'training',
    taskFamily: tags.task_family ?? 'unknown',
    algorithms: [{ ...given('algorithmName', tags.algorithm), ...given('foundationModelName', tags.foundation_model) }],
    dataset: [{ dataUsage: 'input', dataType: dataTypes.has(tags.data_type ?? '') ? tags.data_type : 'other' }],
    taskDescription: run.name,
  };
}

const dataTypes = new Set([
  'tabular',
  'audio',
  'boolean',
  'image',
  'video',
  'object',
  'text',
  'token',
  'word',
  'other',
]);

const given = (key: string, value: string | number | null | undefined): object =>
  value === null || value === undefined ? {} : { [key]: value };

function componentsOf({ energy }: RunReport): readonly object[] {
  const counted = new Map<string, { readonly domain: RunDomain; count: number }>();
  for (const domain of energy.domains) {
    const key = `${domain.kind} ${domain.name}`;
    const known = counted.get(key);
    if (known !== undefined) known.count += 1;
    else if (componentTypes[domain.kind] !== undefined && (domain.runJoules ?? 0) > 0)
      counted.set(key, { domain, count: 1 });
  }
  const components = [...counted.values()].map(({ domain, count }) => ({
    componentName: domain.name,
    componentType: componentTypes[domain.kind] ?? 'other',
    nbComponent: count,
  }));
  return components.length === 0 ? [{ componentType: 'other', nbComponent: 1 }] : components;
}

/** Half-width of the bounds over the value, as the standard grades it: ±10 % high, ±25 % medium, ±50 % low. */
function qualityOf({ energy }: RunReport): 'high' | 'medium' | 'low' {
  const { totalJoules, lowJoules, highJoules } = energy;
  if (totalJoules === null || lowJoules === null || highJoules === null || totalJoules <= 0) return 'low';
  const off = Math.max(totalJoules - lowJoules, highJoules - totalJoules) / totalJoules;
  if (off <= 0.1) return 'high';
  return off <= 0.25 ? 'medium' : 'low';
}

function reportOf(report: RunReport, { version, nowMs }: ExportScene): object {
  const { run, energy, emissions, utilization } = report;
  return {
    header: {
      formatVersion: '1.1.0',
      formatVersionSpecificationUri: 'https://github.com/Boavizta/BoAmps/tree/main/model',
      reportId: run.id,
      reportDatetime: dateText(isoFromUnixMs(nowMs)),
      reportStatus: run.status === 'running' || run.isSimulated ? 'draft' : 'final',
      publisher: { ...given('projectName', run.project), confidentialityLevel: 'internal' },
    },
    task: taskOf(report),
    measures: [
      {
        measurementMethod: 'wattrun',
        version,
        ...given('gpuTrackingMode', trackingOf(report, ['gpu', 'module'])),
        ...given('cpuTrackingMode', trackingOf(report, ['cpu'])),
        ...given('averageUtilizationGpu', utilization.meanGpuRatio),
        // kWh, whatever the name says: BoAmps, measure_schema.json.
        powerConsumption: energy.totalJoules === null ? null : kwhFromJoules(energy.totalJoules),
        measurementDuration: run.durationSeconds,
        measurementDateTime: dateText(run.startedAt),
      },
    ],
    infrastructure: { infraType: 'onPremise', components: componentsOf(report) },
    environment: {
      country: emissions.regionName,
      powerSourceCarbonIntensity: emissions.intensityGramsCO2ePerKwh,
    },
    quality: qualityOf(report),
  };
}

/** 'counter by nvml': what told the energy of these devices; null where there is none. */
function trackingOf({ energy }: RunReport, kinds: readonly DomainKind[]): string | null {
  const domains = energy.domains.filter((domain) => kinds.includes(domain.kind) && (domain.runJoules ?? 0) > 0);
  const ways = new Set(domains.map((domain) => `${domain.provenance} by ${domain.source}`));
  return ways.size === 0 ? null : [...ways].join(', ');
}

/** Boavizta's BoAmps: one run is an object, several are an array. Source: https://github.com/Boavizta/BoAmps/tree/main/model */
export const boampsExport: ExportDefinition = {
  format: { id: 'boamps', label: 'BoAmps', extension: 'json', mimeType: 'application/json' },
  *render(runs, scene) {
    let first: string | null = null;
    let isArray = false;
    for (const { report } of runs) {
      const text = JSON.stringify(reportOf(report, scene), null, 2);
      if (first === null) first = text;
      else if (isArray) yield `,\n${text}`;
      else {
        yield `[\n${first},\n${text}`;
        isArray = true;
      }
    }
    yield isArray ? '\n]\n' : `${first ?? '[]'}\n`;
  },
};
