import type { Domain } from '../../shared/model/domain.ts';
import type { RunDomainTotals, RunRecord, RunTotals, SampleRecord, TickRecord } from './records.ts';

/** A whole hour in Unix milliseconds (500 000 h), so that minutes and hours of examples begin at it. */
export const exampleMs = 1_800_000_000_000;

/** A finished run of 4 s; 475 g/kWh, PUE 1, no price. */
export const exampleRun = (part: Partial<RunRecord> = {}): RunRecord => ({
  id: 'run-a',
  name: 'train',
  project: null,
  tags: {},
  command: ['python', 'train.py'],
  cwd: '/srv/model',
  gitCommit: null,
  host: 'bench',
  status: 'finished',
  exitCode: 0,
  foundBy: 'command',
  startedMs: exampleMs,
  endedMs: exampleMs + 4000,
  durationSeconds: 4,
  rootPid: 42,
  isSimulated: false,
  colorIndex: 0,
  notes: '',
  factor: {
    intensityGramsCO2ePerKwh: 475,
    intensitySource: 'a table',
    intensityYear: 2018,
    region: 'WORLD',
    regionName: 'World average',
    pue: 1,
  },
  price: null,
  ...part,
});

/** 1000 J (900…1100), all of it from a counter. */
export const exampleTotals = (part: Partial<RunTotals> = {}): RunTotals => ({
  totalJoules: 1000,
  lowJoules: 900,
  highJoules: 1100,
  machineJoules: 1200,
  coverage: 1,
  peakWatts: 400,
  byProvenance: { counter: 1000 },
  devices: 'Test GPU',
  cpuSeconds: 8,
  peakMemoryBytes: 2048,
  ...part,
});

export const exampleDomainTotals = (part: Partial<RunDomainTotals> = {}): RunDomainTotals => ({
  joules: 1200,
  lowJoules: 1100,
  highJoules: 1300,
  runJoules: 1000,
  runLowJoules: 900,
  runHighJoules: 1100,
  coveredSeconds: 4,
  peakWatts: 400,
  byProvenance: { counter: 1000 },
  splitBy: 'sm-share',
  utilizationSum: 3,
  utilizationCount: 4,
  peakMemoryUsedBytes: 1024,
  peakTemperatureCelsius: 70,
  ...part,
});

export const exampleDomain = (part: Partial<Domain> = {}): Domain => ({
  id: 'gpu:a',
  kind: 'gpu',
  name: 'Test GPU',
  label: 'GPU 0',
  index: 0,
  limitWatts: 700,
  memoryTotalBytes: 4096,
  source: 'test',
  provenance: 'counter',
  isSimulated: false,
  ...part,
});

/** A reading of `watts` that held for `seconds`. */
export const exampleSample = (domainId: string, watts: number, part: Partial<SampleRecord> = {}): SampleRecord => {
  const seconds = part.seconds ?? 1;
  return {
    domainId,
    powerWatts: watts,
    joules: watts * seconds,
    lowJoules: watts * seconds,
    highJoules: watts * seconds,
    seconds,
    utilizationRatio: null,
    memoryUsedBytes: null,
    temperatureCelsius: null,
    clockMegahertz: null,
    provenance: 'counter',
    ...part,
  };
};

/** A tick of one second in which the machine drew `watts`. */
export const exampleTick = (atMs: number, watts: number, part: Partial<TickRecord> = {}): TickRecord => ({
  atMs,
  machine: { powerWatts: watts, joules: watts, lowJoules: watts, highJoules: watts, seconds: 1 },
  samples: [],
  runSamples: [],
  gaps: [],
  runs: [],
  ...part,
});
