import { noEmissionsDetail } from '../../shared/model/carbon.ts';
import { noProgress } from '../../shared/model/progress.ts';
import type { RunDomain, RunReport, RunSummary } from '../../shared/model/run.ts';
import { joulesFromKwh } from '../../shared/units.ts';

const identity = {
  id: 'a1',
  name: 'llama3-8b-sft-r2',
  project: 'sft',
  tags: { precision: 'bf16' },
  command: ['torchrun', 'train.py'],
  cwd: '/home/kai/sft',
  gitCommit: null,
  host: 'hgx-07',
  status: 'finished',
  exitCode: 0,
  stoppedBy: null,
  foundBy: 'command',
  job: null,
  startedAt: '2025-11-22T23:07:00.000Z',
  endedAt: '2025-11-23T10:31:00.000Z',
  durationSeconds: 41_040,
  isSimulated: false,
  colorIndex: 0,
} as const;

const factor = {
  intensityGramsCO2ePerKwh: 381,
  intensitySource: 'Ember',
  intensityYear: 2023,
  region: 'DEU',
  regionName: 'Germany',
  pue: 1.12,
} as const;

/** 31.7 kWh (31.13 – 32.26) of 4 × H100, for tests. */
export function runSummary(changes: Partial<RunSummary> = {}): RunSummary {
  return {
    ...identity,
    command: [...identity.command],
    totalJoules: joulesFromKwh(31.7),
    lowJoules: joulesFromKwh(31.13),
    highJoules: joulesFromKwh(32.26),
    coverage: 0.987,
    meanWatts: 2784,
    peakWatts: 3012,
    provenance: 'counter',
    devices: '4 × NVIDIA H100 80GB HBM3',
    emissions: { ...factor, gramsCO2e: 13_527, lowGramsCO2e: 13_284, highGramsCO2e: 13_770 },
    cost: { pricePerKwh: 0.28, currency: 'EUR', amount: 8.88 },
    isPaused: false,
    ...changes,
  };
}

export function runDomain(changes: Partial<RunDomain> = {}): RunDomain {
  return {
    id: 'gpu:0',
    kind: 'gpu',
    name: 'NVIDIA H100',
    label: 'GPU 0',
    joules: joulesFromKwh(7),
    runJoules: joulesFromKwh(7),
    splitBy: 'whole',
    lowJoules: null,
    highJoules: null,
    runLowJoules: null,
    runHighJoules: null,
    meanWatts: 641,
    peakWatts: 700,
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
  readonly marks?: RunReport['marks'];
  readonly alerts?: RunReport['alerts'];
  readonly progress?: Partial<RunReport['progress']>;
  readonly epochs?: RunReport['epochs'];
  readonly windows?: RunReport['windows'];
}

export function runReport(changes: ReportChanges = {}): RunReport {
  const { totalJoules, lowJoules, highJoules, coverage, meanWatts, peakWatts, provenance, emissions, cost } =
    runSummary();
  return {
    schemaVersion: 1,
    run: { ...identity, command: [...identity.command], notes: '', isPaused: false, ...changes.run },
    energy: {
      totalJoules,
      lowJoules,
      highJoules,
      coverage,
      machineJoules: null,
      meanWatts,
      peakWatts,
      provenance,
      evidence: { counter: 0.98, model: 0.02 },
      domains: [],
      wall: null,
      ...changes.energy,
    },
    emissions: { ...noEmissionsDetail, ...emissions, ...changes.emissions },
    cost,
    utilization: { meanCpuCores: null, peakMemoryBytes: null, meanGpuRatio: null },
    marks: changes.marks ?? [],
    alerts: changes.alerts ?? [],
    progress: { ...noProgress, ...changes.progress },
    epochs: changes.epochs ?? [],
    windows: changes.windows ?? [],
    environment: null,
  };
}
