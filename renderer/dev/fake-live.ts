import { type Domain, domainDefaults } from '../../shared/model/domain.ts';
import type { LiveDevice, LiveRun, LiveState } from '../../shared/model/live.ts';
import { joulesFromKwh, meanWatts } from '../../shared/units.ts';
import { healthOf } from './fake-health.ts';
import { cpuAt, gpuAt, memoryWattsAt, runStartMinutes, type Scene } from './traces.ts';

const gib = 1024 ** 3;
const hourlyKwh = [2.1, 2.1, 2.2, 2.1, 2.1, 2.2, 2.1, 2.2, 4.9, 5.1, 5.2, 4.8, 7.2, 7.4, 4.1];
const gpuKwh = [9.52, 9.61, 9.48, 9.07, 5.31, 5.24, 1.04, 3.86];

export interface FakeOptions {
  /** 'training', 'idle' (nothing runs), 'empty' (no GPU, no price, no region), 'demo'. */
  readonly scenario: 'training' | 'idle' | 'empty' | 'demo';
}

function domain(part: Pick<Domain, 'id' | 'kind' | 'name' | 'label' | 'index'> & Partial<Domain>): Domain {
  return {
    ...domainDefaults,
    source: 'nvml',
    provenance: 'counter',
    ...part,
  };
}

const gpuDomains = Array.from({ length: 8 }, (_, index) =>
  domain({
    id: `gpu:${index}`,
    kind: 'gpu',
    name: 'NVIDIA H100 80GB HBM3',
    label: `GPU ${index}`,
    index,
    limitWatts: 700,
    memoryTotalBytes: 80 * gib,
    provenance: index === 7 ? 'sensor' : 'counter',
  }),
);
const cpuDomain = domain({
  id: 'cpu:0',
  kind: 'cpu',
  name: 'Xeon 8480C',
  label: 'CPU',
  index: 0,
  limitWatts: 700,
  source: 'rapl',
});
const dramDomain = domain({
  id: 'dram:0',
  kind: 'dram',
  name: '2 TiB DDR5',
  label: 'Memory',
  index: 0,
  memoryTotalBytes: 2048 * gib,
  source: 'model',
  provenance: 'model',
});

const runOf = (index: number): string[] => (index < 4 ? ['r1'] : index < 6 ? ['r2'] : []);

function gpuDevice(scene: Scene, index: number, inputs: { atMs: number; isIdle: boolean }): LiveDevice {
  const trace = gpuAt(scene, inputs.isIdle ? 6 : index, inputs.atMs);
  const state = inputs.isIdle || index === 6 ? 'idle' : index === 7 ? 'held-idle' : index === 3 ? 'throttled' : 'busy';
  return device(gpuDomains[index] as Domain, {
    state,
    stateSinceMs: scene.startMs - (index === 7 ? 312 : 19) * 60_000,
    ...trace,
    powerWatts: trace?.powerWatts ?? null,
    lowWatts: (trace?.powerWatts ?? 0) * 0.985,
    highWatts: (trace?.powerWatts ?? 0) * 1.015,
    limitWatts: 700,
    memoryTotalBytes: 80 * gib,
    instantWatts: trace === null ? null : trace.powerWatts * 1.04,
    idleWatts: index === 5 ? null : 68,
    disagreementRatio: index === 7 ? null : index === 2 ? -0.063 : 0.011,
    health: healthOf(scene, index),
    throttleReasons: inputs.isIdle ? [] : index === 3 ? ['heat', 'power brake'] : index < 3 ? ['power cap'] : [],
    energyTodayJoules: joulesFromKwh(gpuKwh[index] ?? 0),
    lowTodayJoules: joulesFromKwh((gpuKwh[index] ?? 0) * 0.985),
    highTodayJoules: joulesFromKwh((gpuKwh[index] ?? 0) * 1.015),
    runIds: inputs.isIdle ? [] : runOf(index),
  });
}

/** One that sleeps, one meter that answers, and one that does not. */
function edgeDevices(scene: Scene, watts: number): LiveDevice[] {
  const meter = { kind: 'wall', name: 'Wattmeter', source: 'wall-meter', provenance: 'sensor' } as const;
  return [
    device(domain({ id: 'gpu:8', kind: 'gpu', name: 'RTX 4000 Ada', label: 'GPU 8', index: 8, limitWatts: 130 }), {
      state: 'asleep',
      stateSinceMs: scene.startMs - 95 * 60_000,
      note: 'It sleeps (D3cold) and is not woken.',
    }),
    device(domain({ ...meter, id: 'wall:rack-plug', label: 'rack-plug', index: 0 }), {
      powerWatts: watts,
      lowWatts: watts * 0.98,
      highWatts: watts * 1.02,
    }),
    device(domain({ ...meter, id: 'wall:desk', label: 'desk', index: 1 }), {
      state: 'lost',
      stateSinceMs: scene.startMs - 4 * 60_000,
      note: 'No answer in 1 s.',
    }),
  ];
}

function device(part: Domain, values: Partial<LiveDevice>): LiveDevice {
  return {
    domain: part,
    state: 'busy',
    stateSinceMs: 0,
    note: null,
    powerWatts: null,
    lowWatts: null,
    highWatts: null,
    limitWatts: null,
    utilizationRatio: null,
    memoryUsedBytes: null,
    memoryTotalBytes: null,
    temperatureCelsius: null,
    clockMegahertz: null,
    memoryClockMegahertz: null,
    throttleReasons: [],
    instantWatts: null,
    idleWatts: null,
    disagreementRatio: null,
    health: null,
    energyTodayJoules: null,
    lowTodayJoules: null,
    highTodayJoules: null,
    provenance: part.provenance,
    source: part.source,
    runIds: [],
    ...values,
  };
}

function devicesAt(scene: Scene, atMs: number, options: FakeOptions): LiveDevice[] {
  const isIdle = options.scenario === 'idle';
  const cpu = cpuAt(scene, atMs);
  const runIds = options.scenario === 'training' || options.scenario === 'demo' ? ['r1', 'r2'] : [];
  const rest = [
    device(cpuDomain, {
      powerWatts: cpu?.powerWatts ?? null,
      limitWatts: 700,
      utilizationRatio: cpu?.utilizationRatio ?? null,
      temperatureCelsius: 71,
      clockMegahertz: 3050,
      energyTodayJoules: joulesFromKwh(5.71),
      lowTodayJoules: joulesFromKwh(5.6),
      highTodayJoules: joulesFromKwh(5.82),
      runIds,
    }),
    device(dramDomain, {
      powerWatts: memoryWattsAt(scene, atMs),
      memoryUsedBytes: 412 * gib,
      memoryTotalBytes: 2048 * gib,
      energyTodayJoules: joulesFromKwh(1.58),
      lowTodayJoules: joulesFromKwh(1.1),
      highTodayJoules: joulesFromKwh(2),
      runIds,
    }),
  ];
  if (options.scenario === 'empty') return rest;
  return [...gpuDomains.map((_, index) => gpuDevice(scene, index, { atMs, isIdle })), ...rest];
}

/** What each run draws of what: its GPUs, and its share of CPU and memory. */
export function runWatts(scene: Scene, run: 'r1' | 'r2', atMs: number): number | null {
  const cpu = cpuAt(scene, atMs);
  const memory = memoryWattsAt(scene, atMs);
  if (cpu === null || memory === null) return null;
  const isSecondAlive = atMs >= scene.startMs + runStartMinutes[1] * 60_000;
  if (run === 'r2' && !isSecondAlive) return 0;
  const gpus = run === 'r1' ? [0, 1, 2, 3] : [4, 5];
  const share = run === 'r1' ? 0.6 : 0.29;
  return (
    gpus.reduce((sum, index) => sum + (gpuAt(scene, index, atMs)?.powerWatts ?? 0), 0) +
    share * (cpu.powerWatts + memory)
  );
}

export function machineWatts(scene: Scene, atMs: number, options: FakeOptions): number | null {
  const watts = devicesAt(scene, atMs, options).map((each) => each.powerWatts);
  return watts.some((value) => value === null) ? null : watts.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

function run(scene: Scene, index: 0 | 1, atMs: number): LiveRun {
  const startedAtMs = scene.startMs + runStartMinutes[index] * 60_000;
  const kwh = index === 0 ? 10.83 : 1.16;
  return {
    id: index === 0 ? 'r1' : 'r2',
    name: index === 0 ? 'llama3-8b-sft-r3' : 'vit-l-drop02',
    project: index === 0 ? 'sft' : 'vision',
    status: 'running',
    colorIndex: index,
    startedAtMs,
    durationSeconds: (atMs - startedAtMs) / 1000,
    powerWatts: runWatts(scene, index === 0 ? 'r1' : 'r2', atMs),
    totalJoules: joulesFromKwh(kwh),
    lowJoules: joulesFromKwh(kwh * 0.985),
    highJoules: joulesFromKwh(kwh * 1.015),
    coverage: index === 0 ? 0.994 : 1,
    meanWatts: meanWatts(joulesFromKwh(kwh), (atMs - startedAtMs) / 1000),
    provenance: 'counter',
    emissionsGramsCO2e: kwh * 427,
    costAmount: kwh * 0.28,
    isLowerBound: false,
    deviceIds:
      index === 0 ? ['gpu:0', 'gpu:1', 'gpu:2', 'gpu:3', 'cpu:0', 'dram:0'] : ['gpu:4', 'gpu:5', 'cpu:0', 'dram:0'],
    progress: index === 0 ? { step: 4120, epoch: 2, loss: 1.482, joulesPerStep: 9460, joulesPerToken: 0.072 } : null,
  };
}

/** The server's line at the wall. */
const wallWatts = (machine: number): number => 48 + 1.09 * machine;

/** The whole live state of the pictures' server at one moment. */
export function liveStateAt(scene: Scene, atMs: number, options: FakeOptions): LiveState {
  const devices = devicesAt(scene, atMs, options);
  const watts = machineWatts(scene, atMs, options);
  const hasRuns = options.scenario === 'training' || options.scenario === 'demo';
  const runs = hasRuns ? [run(scene, 0, atMs), run(scene, 1, atMs)] : [];
  const attributed = runs.reduce((sum, each) => sum + (each.powerWatts ?? 0), 0);
  const isBare = options.scenario === 'empty';
  return {
    atMs,
    periodSeconds: 1,
    isSimulated: options.scenario === 'demo',
    machine: {
      powerWatts: watts,
      lowWatts: watts === null ? null : watts * 0.984,
      highWatts: watts === null ? null : watts * 1.016,
      isLowerBound: false,
      evidence: [
        { provenance: 'counter', ratio: 0.94 },
        { provenance: 'sensor', ratio: 0.03 },
        { provenance: 'model', ratio: 0.03 },
      ],
    },
    wall:
      watts === null || isBare
        ? null
        : {
            powerWatts: wallWatts(watts),
            lowWatts: wallWatts(watts) * 0.95,
            highWatts: wallWatts(watts) * 1.05,
            isMeasured: options.scenario === 'training',
            meter: options.scenario === 'training' ? 'rack-plug' : null,
          },
    today: {
      energyJoules: joulesFromKwh(60.4),
      lowJoules: joulesFromKwh(59.5),
      highJoules: joulesFromKwh(61.3),
      coverage: 0.994,
      evidence: [
        { provenance: 'counter', ratio: 0.91 },
        { provenance: 'sensor', ratio: 0.06 },
        { provenance: 'model', ratio: 0.03 },
      ],
      emissionsGramsCO2e: 25_800,
      costAmount: isBare ? null : 16.92,
      hourlyJoules: Array.from({ length: 24 }, (_, hour) => {
        const kwh = hourlyKwh[hour];
        return kwh === undefined || hour > new Date(atMs).getHours() ? null : joulesFromKwh(kwh);
      }),
    },
    unattributedWatts: watts === null ? null : watts - attributed,
    devices:
      options.scenario === 'training' && watts !== null
        ? [...devices, ...edgeDevices(scene, wallWatts(watts))]
        : devices,
    runs,
    alerts: hasRuns
      ? [
          {
            id: 'a1',
            ruleId: 'rule1',
            ruleName: 'Power above 4.5 kW for 30 s',
            level: 'warning',
            scopeLabel: 'Whole machine',
            firedAtMs: scene.startMs - 31_000,
            valueWatts: watts,
            valueNow: watts,
            peakWatts: 4588,
            limitWatts: 4500,
            isAcknowledged: false,
          },
        ]
      : [],
    factor: {
      intensityGramsCO2ePerKwh: isBare ? 475 : 381,
      intensitySource: isBare ? 'Ember' : 'Ember, 2023',
      intensityYear: 2023,
      region: isBare ? 'WORLD' : 'DEU',
      regionName: isBare ? 'World' : 'Germany',
      pue: isBare ? 1 : 1.12,
    },
    price: isBare ? null : { pricePerKwh: 0.28, currency: 'EUR' },
    storage: { kind: 'recording', message: null, sizeBytes: 12_000_000 },
    sources: { answering: 13, expected: 14 },
    overhead: { cpuRatio: 0.004, toolsCpuRatio: 0.001, powerWatts: 0.05, memoryBytes: 96 * 1024 ** 2 },
  };
}
