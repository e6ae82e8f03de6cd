import { bytesFromGibibytes } from '../../../shared/units.ts';
import type { Clock } from '../../clock/clock.ts';
import { nvidiaPowerError } from '../nvidia/nvidia-facts.ts';
import {
  type DeviceState,
  isOn,
  overlapSeconds,
  type SimulatedCpu,
  type SimulatedGpu,
  type SimulatedGpuProcess,
  type SimulatedMemory,
  type SimulatedProcess,
} from './machine-config.ts';
import { curveOfSegment, curveOfSegments, curveOfWave, type PowerCurve, sumOfCurves } from './power-curve.ts';
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
import { createSimulatedMachine, type SimulatedMachine } from './simulated-machine.ts';
import { loadOf } from './simulated-processes.ts';

/** The moment from which a simulated counter counts, well before anything the demo shows. */
const originSeconds = -30 * 24 * 3600;
const cpuThreads = 112;
const backgroundRatio = 0.02;
const memoryBytes = bytesFromGibibytes(2048);
const packageIdleWatts = 118;
const packageRangeJoules = 262_143.328_85;
/** GPU 5's memory corrected one bit in its life. */
const correctedGpu = 5;

export type SimulatedServer = SimulatedMachine;

/** A made-up server with 8 GPUs, 2 CPU packages and memory, as scenario.ts tells it: one configuration of the simulated machine. */
export const createSimulatedServer = (clock: Clock, openedAtUnixMs: number): SimulatedMachine =>
  createSimulatedMachine({
    clock,
    openedAtUnixMs,
    label: 'Simulated server',
    gpus: Array.from({ length: gpuCount }, (_, index) => gpu(index)),
    cpus: Array.from({ length: cpuPackages }, (_, index) => cpuPackage(index)),
    memory,
    processes,
    faults: [{ kind: 'lost', domainId: null, note: 'The driver was reset.', ...outage }],
    backgroundRatio,
    countsFromSeconds: originSeconds,
    facts: {
      hostName: 'simulated-server',
      cpuName: 'Simulated Xeon 8480C',
      threads: cpuThreads,
      physicalCores: 112,
      sockets: cpuPackages,
      baseGhz: 2,
      memoryBytes,
    },
  });

const processes: readonly SimulatedProcess[] = simulatedRuns.map(({ pid, cpuShare, gpus, fromSeconds, toSeconds }) => ({
  pid,
  cpuRatio: 0.5 * cpuShare,
  residentBytes: bytesFromGibibytes(24) * gpus.length,
  fromSeconds,
  toSeconds,
}));
const load = loadOf(processes, backgroundRatio);

function gpu(index: number): SimulatedGpu {
  const power = curveOfSegments(gpuSegments(index), gpuIdle(index));
  return {
    uuid: `GPU-51a1e000-0000-4000-8000-00000000000${index}`,
    name: 'Simulated H100 80GB',
    limitWatts: gpuLimitWatts,
    memoryTotalBytes: bytesFromGibibytes(gpuMemoryGibibytes),
    power,
    idleWatts: gpuIdle(index).meanWatts,
    // Its samples read about 1 % more than its counter counts, no two GPUs alike.
    sensor: {
      kind: 'counter',
      updateSeconds: 0,
      hasCounterAndSamples: true,
      gainRatio: 1.006 + 0.001 * index,
      error: nvidiaPowerError,
    },
    processes: gpuProcesses(index),
    stateAt: (seconds) => gpuState(index, power, seconds),
  };
}

function gpuProcesses(index: number): readonly SimulatedGpuProcess[] {
  const own = simulatedRuns
    .filter((run) => run.gpus.includes(index))
    .map(({ pid, memoryGibibytes, fromSeconds, toSeconds }) => ({
      pid,
      name: 'python',
      memoryUsedBytes: bytesFromGibibytes(memoryGibibytes),
      smRatio: 0.95,
      fromSeconds,
      toSeconds,
    }));
  if (index !== notebook.gpu) return own;
  const { pid, name, memoryGibibytes } = notebook;
  const kernel = { pid, name, memoryUsedBytes: bytesFromGibibytes(memoryGibibytes), smRatio: 0 };
  return [...own, { ...kernel, fromSeconds: originSeconds, toSeconds: Number.POSITIVE_INFINITY }];
}

function gpuState(index: number, power: PowerCurve, seconds: number): DeviceState {
  const powerWatts = power.wattsAt(seconds);
  const run = simulatedRuns.find((one) => one.gpus.includes(index) && isOn(one, seconds));
  const isBusy = run !== undefined;
  const isHot = isBusy && index === hotGpu.index && seconds >= hotGpu.fromSeconds;
  const isNotebook = index === notebook.gpu;
  const heldGibibytes = run?.memoryGibibytes ?? (isNotebook ? notebook.memoryGibibytes : 0.6);
  return {
    utilizationRatio: isBusy ? Math.min(1, powerWatts / (isHot ? 560 : 675)) : 0,
    memoryUsedBytes: bytesFromGibibytes(heldGibibytes),
    temperatureCelsius: Math.round(isHot ? 87 : 26 + powerWatts / 16 + index / 3),
    clockMegahertz: isBusy ? (isHot ? 1290 : 1755 - index * 5) : isNotebook ? 1980 : 345,
    memoryClockMegahertz: 2619,
    throttleReasons: isHot ? ['heat'] : [],
    heldBackSeconds: { 'power-cap': 0, heat: hotSeconds(index, seconds), 'hardware-slowdown': 0 },
    health: {
      eccCorrectedCount: index === correctedGpu ? 1 : 0,
      eccUncorrectedCount: 0,
      remappedRowCount: 0,
      isRemapPending: false,
      hasRemapFailed: false,
      xid: null,
    },
  };
}

/** Since the driver was loaded, so far as a run was on. */
const hotSeconds = (index: number, seconds: number): number =>
  simulatedRuns
    .filter((run) => index === hotGpu.index && run.gpus.includes(index))
    .reduce((sum, run) => sum + overlapSeconds(run, hotGpu.fromSeconds, seconds), 0);

const { idle: packageIdle, active: packageActive } = cpuPackageSegments();
const packagePower = sumOfCurves([curveOfWave(packageIdle), ...packageActive.map(curveOfSegment)]);

const cpuPackage = (index: number): SimulatedCpu => ({
  name: 'Simulated Xeon 8480C',
  limitWatts: 350,
  power: packagePower,
  idleWatts: packageIdleWatts,
  sensor: {
    kind: 'counter',
    updateSeconds: 0,
    rangeJoules: packageRangeJoules,
    hasCounterAndSamples: true,
    error: { lowRatio: 0.95, highRatio: 1.05, offsetWatts: 0 },
  },
  stateAt: (seconds) => ({
    temperatureCelsius: Math.round(48 + 30 * load.ratioAt(seconds) + index),
    clockMegahertz: 3050,
  }),
});

const memory: SimulatedMemory = {
  name: '2 TiB simulated memory',
  totalBytes: memoryBytes,
  idleWatts: 86,
  activeWatts: 60,
  usedBytesAt: (loadRatio) => bytesFromGibibytes(300 + 400 * loadRatio),
  error: { lowRatio: 0.6, highRatio: 1.5, offsetWatts: 0 },
};
