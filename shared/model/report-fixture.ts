import { joulesFromKwh } from '../units.ts';
import { noEmissionsDetail } from './carbon.ts';
import { noProgress } from './progress.ts';
import type { RunDomain, RunReport } from './run.ts';

/** A domain of a run, 1 kWh of one GPU, for tests. */
export function reportDomain(changes: Partial<RunDomain> = {}): RunDomain {
  return {
    id: 'gpu:0',
    kind: 'gpu',
    name: 'NVIDIA H100',
    label: 'GPU 0',
    joules: joulesFromKwh(1),
    runJoules: joulesFromKwh(1),
    splitBy: 'whole',
    lowJoules: null,
    highJoules: null,
    runLowJoules: null,
    runHighJoules: null,
    meanWatts: 500,
    peakWatts: 600,
    provenance: 'counter',
    source: 'nvml',
    coverage: 1,
    gaps: [],
    meanUtilizationRatio: null,
    peakMemoryUsedBytes: null,
    peakTemperatureCelsius: null,
    gain: null,
    check: null,
    heldBackSeconds: null,
    ...changes,
  };
}

interface ReportChanges {
  readonly run?: Partial<RunReport['run']>;
  readonly energy?: Partial<RunReport['energy']>;
  readonly emissions?: Partial<RunReport['emissions']>;
  readonly cost?: RunReport['cost'];
  readonly utilization?: Partial<RunReport['utilization']>;
  readonly marks?: RunReport['marks'];
  readonly progress?: Partial<RunReport['progress']>;
  readonly epochs?: RunReport['epochs'];
  readonly environment?: RunReport['environment'];
}

/** A finished run of two hours and 2 kWh (1.9 – 2.1), for tests. */
export function reportExample(changes: ReportChanges = {}): RunReport {
  return {
    schemaVersion: 1,
    run: {
      id: 'a1',
      name: 'sft-r1',
      project: 'sft',
      tags: {},
      command: ['python', 'train.py', '--lr', '2e-5'],
      cwd: '/home/kai/sft',
      gitCommit: null,
      host: 'hgx-07',
      status: 'finished',
      exitCode: 0,
      stoppedBy: null,
      foundBy: 'command',
      job: null,
      startedAt: '2026-11-22T10:00:00.000Z',
      endedAt: '2026-11-22T12:00:00.000Z',
      durationSeconds: 7200,
      isSimulated: false,
      colorIndex: 0,
      notes: '',
      isPaused: false,
      ...changes.run,
    },
    energy: {
      totalJoules: joulesFromKwh(2),
      lowJoules: joulesFromKwh(1.9),
      highJoules: joulesFromKwh(2.1),
      coverage: 1,
      machineJoules: null,
      meanWatts: 1000,
      peakWatts: 1200,
      provenance: 'counter',
      evidence: { counter: 1 },
      domains: [],
      wall: null,
      ...changes.energy,
    },
    emissions: {
      gramsCO2e: 760,
      lowGramsCO2e: 722,
      highGramsCO2e: 798,
      intensityGramsCO2ePerKwh: 380,
      intensitySource: 'Ember',
      intensityYear: 2023,
      region: 'DEU',
      regionName: 'Germany',
      pue: 1,
      ...noEmissionsDetail,
      ...changes.emissions,
    },
    cost: changes.cost === undefined ? { pricePerKwh: 0.3, currency: 'EUR', amount: 0.6 } : changes.cost,
    utilization: { meanCpuCores: null, peakMemoryBytes: null, meanGpuRatio: null, ...changes.utilization },
    marks: changes.marks ?? [],
    alerts: [],
    progress: { ...noProgress, ...changes.progress },
    epochs: changes.epochs ?? [],
    windows: [],
    environment: changes.environment ?? null,
  };
}

/** A mark that carries a metric. */
export const metricMark = (kind: string, value: number | null, joules: number | null): RunReport['marks'][number] => ({
  at: '2026-11-22T11:00:00.000Z',
  kind,
  label: `${kind} ${value}`,
  value,
  joules,
  step: null,
  epoch: null,
  windowId: null,
  source: 'api',
});
