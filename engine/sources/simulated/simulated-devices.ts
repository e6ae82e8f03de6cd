import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import type { SourceReading } from '../source.ts';
import {
  isOn,
  overlapSeconds,
  type SimulatedCpu,
  type SimulatedGpu,
  type SimulatedGpuProcess,
  type SimulatedMachineOptions,
  type SimulatedMemory,
} from './machine-config.ts';
import type { PowerCurve } from './power-curve.ts';
import { errorOf, type SimulatedSensor } from './sensor.ts';
import { curveOfLoad, type Load } from './simulated-processes.ts';

/** One domain of the machine: what it draws, how that is sensed, and what else is read of it. */
export interface SimulatedDevice {
  readonly domain: Domain;
  readonly power: PowerCurve;
  /** Null: its power is a model, told as it is. */
  readonly sensor: SimulatedSensor | null;
  /** By which the truth is divided. */
  readonly idleWatts: number;
  /** Empty but for a GPU. */
  readonly gpuProcesses: readonly SimulatedGpuProcess[];
  /** What a reading at that moment holds besides energy. Pure. */
  readonly valuesAt: (seconds: number) => Partial<SourceReading>;
}

const made = { ...domainDefaults, source: 'simulated', isSimulated: true } as const;

export function devicesOf(options: SimulatedMachineOptions, load: Load): readonly SimulatedDevice[] {
  const { gpus, cpus = [], memory = null } = options;
  return [
    ...gpus.map(gpuDevice),
    ...cpus.map((cpu, index) => cpuDevice(cpu, index, load)),
    ...(memory === null ? [] : [memoryDevice(memory, load)]),
  ];
}

function gpuDevice(gpu: SimulatedGpu, index: number): SimulatedDevice {
  const { limitWatts, memoryTotalBytes, sensor, processes } = gpu;
  return {
    domain: {
      ...made,
      id: `gpu:${gpu.uuid}`,
      kind: 'gpu',
      name: gpu.name,
      label: `GPU ${index}`,
      index,
      limitWatts,
      memoryTotalBytes,
      provenance: sensor.kind === 'counter' ? 'counter' : 'sensor',
    },
    power: gpu.power,
    sensor,
    idleWatts: gpu.idleWatts,
    gpuProcesses: processes,
    valuesAt: (seconds) => ({
      error: errorOf(sensor),
      limitWatts,
      memoryTotalBytes,
      ...usageAt(processes, seconds),
      ...gpu.stateAt?.(seconds),
      processes: gpuProcessesAt(processes, seconds),
    }),
  };
}

function usageAt(processes: readonly SimulatedGpuProcess[], seconds: number): Partial<SourceReading> {
  const on = processes.filter((process) => isOn(process, seconds));
  return {
    utilizationRatio: Math.min(
      1,
      on.reduce((sum, process) => sum + (process.smRatio ?? 1), 0),
    ),
    memoryUsedBytes: on.reduce((sum, process) => sum + (process.memoryUsedBytes ?? 0), 0),
  };
}

/** Drivers give a process's use of the SMs over the last second. */
const smWindowSeconds = 1;

/** The driver's list: what is on now, with its SM share over the last second. */
export function gpuProcessesAt(
  processes: readonly SimulatedGpuProcess[],
  seconds: number,
): NonNullable<SourceReading['processes']> {
  return processes
    .filter((process) => isOn(process, seconds))
    .map(({ pid, name, memoryUsedBytes, smRatio }) => ({
      pid,
      name,
      memoryUsedBytes,
      smRatio: smRatio === null ? null : meanSmRatio(processes, pid, seconds),
    }));
}

const meanSmRatio = (processes: readonly SimulatedGpuProcess[], pid: number, seconds: number): number =>
  processes
    .filter((process) => process.pid === pid)
    .reduce(
      (sum, process) => sum + (process.smRatio ?? 0) * overlapSeconds(process, seconds - smWindowSeconds, seconds),
      0,
    ) / smWindowSeconds;

function cpuDevice(cpu: SimulatedCpu, index: number, load: Load): SimulatedDevice {
  const { limitWatts, idleWatts, sensor } = cpu;
  return {
    domain: {
      ...made,
      id: `cpu:${index}`,
      kind: 'cpu',
      name: cpu.name,
      label: `CPU ${index}`,
      index,
      limitWatts,
      provenance: sensor.kind === 'counter' ? 'counter' : 'sensor',
    },
    power: cpu.power,
    sensor,
    idleWatts,
    gpuProcesses: [],
    valuesAt: (seconds) => ({
      error: errorOf(sensor),
      limitWatts,
      idleWatts,
      utilizationRatio: load.ratioAt(seconds),
      ...cpu.stateAt?.(seconds),
    }),
  };
}

function memoryDevice(memory: SimulatedMemory, load: Load): SimulatedDevice {
  const { totalBytes, idleWatts, usedBytesAt, error } = memory;
  return {
    domain: {
      ...made,
      id: 'dram:0',
      kind: 'dram',
      name: memory.name,
      label: 'Memory',
      index: 0,
      memoryTotalBytes: totalBytes,
      provenance: 'model',
    },
    power: curveOfLoad(load, idleWatts, memory.activeWatts),
    sensor: null,
    idleWatts,
    gpuProcesses: [],
    valuesAt: (seconds) => ({
      error,
      idleWatts,
      memoryUsedBytes: usedBytesAt(load.ratioAt(seconds)),
      memoryTotalBytes: totalBytes,
    }),
  };
}
