import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import { bytesFromMebibytes } from '../../../shared/units.ts';
import type { Clock } from '../../clock/clock.ts';
import { type Machine, type TreeUse, unknownProcesses } from '../../machine/machine.ts';
import { nvidiaPowerError } from '../nvidia/nvidia-facts.ts';
import {
  type GpuProcess,
  type Source,
  type SourceContext,
  type SourceDefinition,
  type SourceReading,
  unknownValues,
} from '../source.ts';
import {
  cpuPackageSegments,
  cpuPackages,
  gpuCount,
  gpuIdle,
  gpuLimitWatts,
  gpuMemoryGibibytes,
  gpuSegments,
  hotGpu,
  notebook,
  outage,
  simulatedRuns,
} from './scenario.ts';
import { energyUntil, powerAt, segmentEnergy, segmentPower } from './waveform.ts';

/** The moment from which a simulated counter counts, well before anything the demo shows. */
const originSeconds = -30 * 24 * 3600;
const cpuThreads = 112;
const memoryGibibytes = 2048;
const packageRangeJoules = 262_143.328_85;
const gibibyte = bytesFromMebibytes(1024);

export interface SimulatedServer {
  readonly definition: SourceDefinition;
  readonly machine: Machine;
  /** Exact joules of a simulated domain between two Unix times: the truth that the pipeline's answer is held against. */
  trueJoules(domainId: string, fromUnixMs: number, toUnixMs: number): number;
}

/** A made-up server with 8 GPUs, 2 CPU packages and memory, every value a closed form of the time since `openedAtUnixMs`. */
export function createSimulatedServer(clock: Clock, openedAtUnixMs: number): SimulatedServer {
  const secondsAt = (unixMs: number): number => (unixMs - openedAtUnixMs) / 1000;
  const now = (): number => secondsAt(clock.unixMs());
  const domains = allDomains();

  return {
    definition: {
      descriptor: {
        id: 'simulated',
        label: 'Simulated server',
        measures: '8 made-up GPUs, 2 CPU packages, memory',
        provenance: 'counter',
        sameNumberCommand: '',
        isSimulated: true,
      },
      probe: async (context) => ({
        kind: 'available',
        covers: ['simulated'],
        how: 'closed-form power, nothing is measured',
        open: async () => createSource(domains, now, context),
      }),
    },
    machine: createMachine(now),
    trueJoules: (domainId, fromUnixMs, toUnixMs) => domainEnergy(domainId, secondsAt(fromUnixMs), secondsAt(toUnixMs)),
  };
}

function createSource(domains: readonly Domain[], now: () => number, context: SourceContext): Source {
  return {
    domains: () => domains,
    async read() {
      const seconds = now();
      const atMs = context.clock.monotonicMs();
      return domains.map((domain) => readDomain(domain, seconds, atMs));
    },
    close: async () => {},
  };
}

function readDomain(domain: Domain, seconds: number, atMs: number): SourceReading {
  const base = { domain, ...unknownValues, atMs, processesAtMs: atMs, error: nvidiaPowerError };
  if (seconds >= outage.fromSeconds && seconds < outage.toSeconds)
    return { ...base, missing: { reason: 'lost', note: 'The driver was reset.' } };
  if (domain.kind === 'gpu') return { ...base, ...gpuValues(domain.index, seconds) };
  if (domain.kind === 'cpu') return { ...base, ...cpuValues(domain.index, seconds) };
  const load = cpuLoad(seconds);
  return {
    ...base,
    error: { lowRatio: 0.6, highRatio: 1.5, offsetWatts: 0 },
    powerWatts: 86 + 60 * load,
    idleWatts: 86,
    memoryUsedBytes: (300 + 400 * load) * gibibyte,
    memoryTotalBytes: memoryGibibytes * gibibyte,
  };
}

function gpuValues(index: number, seconds: number): Partial<SourceReading> {
  const segments = gpuSegments(index);
  const powerWatts = segmentPower(segments, gpuIdle(index), seconds);
  const runs = simulatedRuns.filter((run) => run.gpus.includes(index) && isOn(run, seconds));
  const isHot = index === hotGpu.index && seconds >= hotGpu.fromSeconds && runs.length > 0;
  const isBusy = runs.length > 0;
  const held = index === notebook.gpu ? notebook.memoryGibibytes : 0.6;
  return {
    powerWatts,
    powerWindowSeconds: 1,
    counterJoules: segmentEnergy(segments, gpuIdle(index), originSeconds, seconds),
    utilizationRatio: isBusy ? Math.min(1, powerWatts / (isHot ? 560 : 675)) : 0,
    memoryUsedBytes: (runs[0]?.memoryGibibytes ?? held) * gibibyte,
    memoryTotalBytes: gpuMemoryGibibytes * gibibyte,
    temperatureCelsius: Math.round(isHot ? 87 : 26 + powerWatts / 16 + index / 3),
    clockMegahertz: isBusy ? (isHot ? 1290 : 1755 - index * 5) : index === notebook.gpu ? 1980 : 345,
    memoryClockMegahertz: 2619,
    limitWatts: gpuLimitWatts,
    throttleReasons: isHot ? ['heat'] : [],
    processes: gpuProcesses(index, seconds),
  };
}

function gpuProcesses(index: number, seconds: number): readonly GpuProcess[] {
  const own = simulatedRuns
    .filter((run) => run.gpus.includes(index) && isOn(run, seconds))
    .map(
      (run): GpuProcess => ({
        pid: run.pid,
        name: 'python',
        memoryUsedBytes: run.memoryGibibytes * gibibyte,
        smRatio: 0.95,
      }),
    );
  return index === notebook.gpu
    ? [
        ...own,
        { pid: notebook.pid, name: notebook.name, memoryUsedBytes: notebook.memoryGibibytes * gibibyte, smRatio: 0 },
      ]
    : own;
}

function cpuValues(index: number, seconds: number): Partial<SourceReading> {
  return {
    error: { lowRatio: 0.95, highRatio: 1.05, offsetWatts: 0 },
    powerWatts: cpuPower(seconds),
    powerWindowSeconds: 1,
    counterJoules: domainEnergy(`cpu:${index}`, originSeconds, seconds) % packageRangeJoules,
    counterRangeJoules: packageRangeJoules,
    utilizationRatio: cpuLoad(seconds),
    temperatureCelsius: Math.round(48 + 30 * cpuLoad(seconds) + index),
    clockMegahertz: 3050,
    limitWatts: 350,
    idleWatts: 118,
  };
}

const isOn = (run: { readonly fromSeconds: number; readonly toSeconds: number }, seconds: number): boolean =>
  seconds >= run.fromSeconds && seconds < run.toSeconds;

const cpuLoad = (seconds: number): number =>
  0.02 + simulatedRuns.filter((run) => isOn(run, seconds)).reduce((sum, run) => sum + run.cpuShare * 0.5, 0);

function cpuPower(seconds: number): number {
  const { idle, active } = cpuPackageSegments();
  return (
    powerAt(idle, seconds) +
    active
      .filter((one) => isOn(one, seconds))
      .reduce((sum, one) => sum + powerAt(one.wave, seconds - one.fromSeconds), 0)
  );
}

function domainEnergy(domainId: string, fromSeconds: number, toSeconds: number): number {
  if (domainId.startsWith('gpu:')) {
    const index = Number(domainId.slice(-1));
    return segmentEnergy(gpuSegments(index), gpuIdle(index), fromSeconds, toSeconds);
  }
  const { idle, active } = cpuPackageSegments();
  const during = (from: number, to: number, one: (typeof active)[number]): number =>
    to <= from ? 0 : energyUntil(one.wave, to - one.fromSeconds) - energyUntil(one.wave, from - one.fromSeconds);
  return active.reduce(
    (sum, one) => sum + during(Math.max(fromSeconds, one.fromSeconds), Math.min(toSeconds, one.toSeconds), one),
    energyUntil(idle, toSeconds) - energyUntil(idle, fromSeconds),
  );
}

function createMachine(now: () => number): Machine {
  const busyUntil = (seconds: number): number =>
    cpuThreads *
    simulatedRuns.reduce(
      (sum, run) => sum + 0.5 * run.cpuShare * Math.max(0, Math.min(seconds, run.toSeconds) - run.fromSeconds),
      0.02 * (seconds - originSeconds),
    );
  return {
    facts: async () => ({
      hostName: 'simulated-server',
      osLabel: 'Simulated Linux',
      cpuName: 'Simulated Xeon 8480C',
      threads: cpuThreads,
      physicalCores: 112,
      sockets: 2,
      baseGhz: 2,
      isVirtual: false,
      memoryBytes: memoryGibibytes * gibibyte,
    }),
    readCpuTimes: () => ({ busySeconds: busyUntil(now()), totalSeconds: cpuThreads * (now() - originSeconds) }),
    readMemoryUsedBytes: () => (300 + 400 * cpuLoad(now())) * gibibyte,
    readTree: (rootPid) => simulatedTree(rootPid, now()),
    hasProcess: () => true,
    readBootMs: () => null,
    ...unknownProcesses,
  };
}

function simulatedTree(rootPid: number, seconds: number): TreeUse | null {
  const run = simulatedRuns.find((one) => one.pid === rootPid && isOn(one, seconds));
  if (run === undefined) return null;
  return {
    cpuSeconds: cpuThreads * 0.5 * run.cpuShare * (seconds - run.fromSeconds),
    residentBytes: 24 * gibibyte * run.gpus.length,
    pids: new Set([run.pid]),
    rootStartedTicks: null,
  };
}

function allDomains(): readonly Domain[] {
  const gpus = Array.from(
    { length: gpuCount },
    (_, index): Domain => ({
      ...domainDefaults,
      id: `gpu:GPU-51a1e000-0000-4000-8000-00000000000${index}`,
      kind: 'gpu',
      name: 'Simulated H100 80GB',
      label: `GPU ${index}`,
      index,
      limitWatts: gpuLimitWatts,
      memoryTotalBytes: gpuMemoryGibibytes * gibibyte,
      source: 'simulated',
      provenance: 'counter',
      isSimulated: true,
    }),
  );
  const packages = Array.from(
    { length: cpuPackages },
    (_, index): Domain => ({
      ...domainDefaults,
      id: `cpu:${index}`,
      kind: 'cpu',
      name: 'Simulated Xeon 8480C',
      label: `CPU ${index}`,
      index,
      limitWatts: 350,
      memoryTotalBytes: null,
      source: 'simulated',
      provenance: 'counter',
      isSimulated: true,
    }),
  );
  const memory: Domain = {
    ...domainDefaults,
    id: 'dram:0',
    kind: 'dram',
    name: '2 TiB simulated memory',
    label: 'Memory',
    index: 0,
    limitWatts: null,
    memoryTotalBytes: memoryGibibytes * gibibyte,
    source: 'simulated',
    provenance: 'model',
    isSimulated: true,
  };
  return [...gpus, ...packages, memory];
}
