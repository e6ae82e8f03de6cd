import { bytesFromGibibytes, secondsFromMs } from '../../../shared/units.ts';
import type { Machine, MachineFacts } from '../../machine/machine.ts';
import type { Source, SourceDefinition } from '../source.ts';
import type { SimulatedMachineOptions, SimulatedProcess } from './machine-config.ts';
import { devicesOf, type SimulatedDevice } from './simulated-devices.ts';
import { createProcessMachine, type Load, loadOf } from './simulated-processes.ts';
import { createSimulatedSource } from './simulated-source.ts';

export interface SimulatedMachine {
  readonly definition: SourceDefinition;
  readonly machine: Machine;
  readonly devices: readonly SimulatedDevice[];
  readonly processes: readonly SimulatedProcess[];
  readonly load: Load;
  /** The simulation's seconds at a Unix time. */
  secondsAt(unixMs: number): number;
  /** Exact joules of a domain between two Unix times: the truth that the pipeline's answer is held against. Throws for a domain that is not there. */
  trueJoules(domainId: string, fromUnixMs: number, toUnixMs: number): number;
}

const usualFacts: MachineFacts = {
  hostName: 'simulated-machine',
  osLabel: 'Simulated Linux',
  cpuName: 'Simulated CPU',
  threads: 16,
  physicalCores: 8,
  sockets: 1,
  baseGhz: 3,
  isVirtual: false,
  memoryBytes: bytesFromGibibytes(64),
};

/**
 * A made-up machine: every value a closed form of the time since `openedAtUnixMs`, read as real sensors are read, failing when told to. It goes by the
 * monotonic clock, as hardware does: a step of the wall clock moves nothing in it.
 */
export function createSimulatedMachine(options: SimulatedMachineOptions): SimulatedMachine {
  const { clock, openedAtUnixMs, processes = [], faults = [], memory = null, countsFromSeconds = 0 } = options;
  const openedAtMonotonicMs = clock.monotonicMs() + openedAtUnixMs - clock.unixMs();
  const now = (): number => secondsFromMs(clock.monotonicMs() - openedAtMonotonicMs);
  const secondsAt = (unixMs: number): number => secondsFromMs(unixMs - openedAtUnixMs);
  const load = loadOf(processes, options.backgroundRatio ?? 0);
  const devices = devicesOf(options, load);

  return {
    definition: definitionOf(options, () =>
      createSimulatedSource({ clock, now, devices, faults, countsFromSeconds, seed: options.seed ?? 1 }),
    ),
    machine: createProcessMachine({
      now,
      load,
      processes,
      gpuPids: new Set(devices.flatMap((device) => device.gpuProcesses.map((process) => process.pid))),
      facts: { ...usualFacts, ...options.facts },
      countsFromSeconds,
      usedBytesAt: memory?.usedBytesAt ?? null,
    }),
    devices,
    processes,
    load,
    secondsAt,
    trueJoules(domainId, fromUnixMs, toUnixMs) {
      const device = devices.find(({ domain }) => domain.id === domainId);
      if (device === undefined) throw new Error(`There is no simulated domain ${domainId}.`);
      return device.power.joulesBetween(secondsAt(fromUnixMs), secondsAt(toUnixMs));
    },
  };
}

function definitionOf(options: SimulatedMachineOptions, open: () => Source): SourceDefinition {
  const { label = 'Simulated machine', gpus, cpus = [], memory = null } = options;
  const parts = [
    ...(gpus.length === 0 ? [] : [`${gpus.length} made-up ${gpus.length === 1 ? 'GPU' : 'GPUs'}`]),
    ...(cpus.length === 0 ? [] : [`${cpus.length} CPU ${cpus.length === 1 ? 'package' : 'packages'}`]),
    ...(memory === null ? [] : ['memory']),
  ];
  return {
    descriptor: {
      id: 'simulated',
      label,
      measures: parts.join(', '),
      provenance: 'counter',
      sameNumberCommand: '',
      isSimulated: true,
    },
    probe: async () => ({
      kind: 'available',
      covers: ['simulated'],
      how: 'closed-form power, nothing is measured',
      open: async () => open(),
    }),
  };
}
