import type { Share } from '../engine/attribution/attribute.ts';
import type { Clock } from '../engine/clock/clock.ts';
import { createTimeline } from '../engine/clock/timeline.ts';
import type { Interval } from '../engine/energy/interval.ts';
import { type SourceContext, type SourceReading, unknownValues } from '../engine/sources/source.ts';
import type {
  NewMark,
  RunDomainTotals,
  RunRecord,
  RunTotals,
  SampleRecord,
  TickRecord,
} from '../engine/store/records.ts';
import type { MarkEntry } from '../engine/store/store.ts';
import { noAccounts } from '../shared/model/carbon.ts';
import { type Domain, domainDefaults } from '../shared/model/domain.ts';
import { defaultSettings } from '../shared/model/settings.ts';

/** Small whole values that a test changes only where it matters. */

export const exampleGpu = (change: Partial<Domain> = {}): Domain => ({
  ...domainDefaults,
  id: 'gpu:GPU-0',
  kind: 'gpu',
  name: 'NVIDIA Example 1',
  label: 'GPU 0',
  index: 0,
  limitWatts: 400,
  memoryTotalBytes: 24 * 1024 ** 3,
  source: 'example',
  provenance: 'counter',
  ...change,
});

export const exampleCpu = (change: Partial<Domain> = {}): Domain =>
  exampleGpu({ id: 'cpu:0', kind: 'cpu', name: 'Example CPU', label: 'CPU', memoryTotalBytes: null, ...change });

/** A world in which nothing is there; what was learned is kept in the map. */
export function exampleContext(
  clock: Clock,
  change: Partial<SourceContext> = {},
  learned: Map<string, unknown> = new Map(),
): SourceContext {
  return {
    clock,
    timeline: createTimeline(clock),
    environment: {},
    sysfsRoot: '/nowhere',
    procfsRoot: '/nowhere',
    periodSeconds: () => 1,
    isRunOn: () => false,
    isFineTimeWanted: () => false,
    isPid: () => true,
    settings: () => defaultSettings,
    learned: { read: (key) => learned.get(key), write: (key, value) => void learned.set(key, value) },
    log: () => {},
    ...change,
  };
}

/** A reading without any value but its time. */
export const exampleReading = (atMs: number, change: Partial<SourceReading> = {}): SourceReading => ({
  domain: exampleGpu(),
  ...unknownValues,
  atMs,
  error: { lowRatio: 1, highRatio: 1, offsetWatts: 0 },
  ...change,
});

export const exampleInterval = (change: Partial<Interval> = {}): Interval => ({
  domainId: 'gpu:GPU-0',
  fromMs: 0,
  toMs: 1000,
  joules: 300,
  lowJoules: 270,
  highJoules: 330,
  varianceJoules2: 0,
  lowWatts: 300,
  highWatts: 300,
  lagSeconds: 0,
  samples: [],
  course: [],
  provenance: 'counter',
  endCounterJoules: null,
  ...change,
});

export const exampleShare = (change: Partial<Share> = {}): Share => ({
  runId: 'run1',
  fromMs: 0,
  toMs: 1000,
  joules: 100,
  lowJoules: 90,
  highJoules: 110,
  splitBy: 'whole',
  ...change,
});

/** A mark as it is to be stored; its joules, if any, are known exactly. */
export const markEntry = (
  runId: string,
  { joules = null, ...change }: Partial<NewMark> & { readonly joules?: number | null } = {},
): MarkEntry => ({
  runId,
  mark: {
    atMs: 1_001_000,
    kind: 'epoch',
    label: '',
    value: null,
    clientId: null,
    step: null,
    epoch: null,
    windowId: null,
    source: 'api',
    ...change,
  },
  point:
    joules === null
      ? null
      : { joules, lowJoules: joules, highJoules: joules, varianceJoules2: 0, cutJoules2: 0, periodSeconds: 1 },
  isSettled: true,
});

export const exampleRun = (change: Partial<RunRecord> = {}): RunRecord => ({
  id: 'run1aaaaaa',
  name: 'train',
  project: 'vision',
  tags: { lr: '3e-4' },
  command: ['python', 'train.py'],
  cwd: '/home/a/vision',
  gitCommit: null,
  host: 'box',
  status: 'running',
  exitCode: null,
  stoppedBy: null,
  foundBy: 'command',
  job: null,
  memberPids: [],
  startedTicks: {},
  startedMs: 1_000_000,
  endedMs: null,
  durationSeconds: 0,
  rootPid: 4242,
  isSimulated: false,
  colorIndex: 0,
  breaks: [],
  notes: '',
  factor: {
    intensityGramsCO2ePerKwh: 400,
    intensitySource: 'example table',
    intensityYear: 2024,
    region: 'DEU',
    regionName: 'Germany',
    pue: 1.5,
  },
  price: null,
  accounts: noAccounts,
  environment: null,
  ...change,
});

export const exampleTotals = (change: Partial<RunTotals> = {}): RunTotals => ({
  totalJoules: null,
  lowJoules: null,
  highJoules: null,
  machineJoules: null,
  coverage: 0,
  meanWatts: null,
  peakWatts: null,
  byProvenance: {},
  devices: '',
  cpuSeconds: null,
  peakMemoryBytes: null,
  ...change,
});

export const exampleDomainTotals = (change: Partial<RunDomainTotals> = {}): RunDomainTotals => ({
  joules: 0,
  lowJoules: 0,
  highJoules: 0,
  runJoules: 0,
  runLowJoules: 0,
  runHighJoules: 0,
  coveredSeconds: 0,
  varianceJoules2: 0,
  counterJoules: 0,
  samplesJoules: 0,
  heldBackSeconds: {},
  peakWatts: null,
  byProvenance: {},
  bySplit: { whole: 1 },
  utilizationSum: 0,
  utilizationCount: 0,
  peakMemoryUsedBytes: null,
  peakTemperatureCelsius: null,
  accountedToMs: null,
  unreadWatts: null,
  accountedCounter: null,
  ...change,
});

/** A second of a domain at `watts`. */
export const exampleSample = (watts: number | null, change: Partial<SampleRecord> = {}): SampleRecord => ({
  domainId: 'gpu:GPU-0',
  powerWatts: watts,
  joules: watts,
  lowJoules: watts,
  highJoules: watts,
  seconds: 1,
  utilizationRatio: null,
  memoryUsedBytes: null,
  temperatureCelsius: null,
  clockMegahertz: null,
  provenance: 'counter',
  ...change,
});

export const exampleTick = (atMs: number, change: Partial<TickRecord> = {}): TickRecord => ({
  atMs,
  machine: { powerWatts: null, joules: 0, lowJoules: 0, highJoules: 0, seconds: 1 },
  samples: [],
  runSamples: [],
  lateSamples: [],
  gaps: [],
  runs: [],
  ...change,
});
