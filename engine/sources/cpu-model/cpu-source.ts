import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import type { Machine } from '../../machine/machine.ts';
import {
  type Source,
  type SourceContext,
  type SourceDefinition,
  type SourceReading,
  unavailable,
  unknownValues,
} from '../source.ts';
import { estimateCpuWatts } from './cpu-model.ts';
import { type CpuSpecification, specifyCpu } from './cpu-specification.ts';

/** The CPU from its load, where no counter measures it. */
export function createCpuModelDefinition(machine: Machine): SourceDefinition {
  return {
    descriptor: {
      id: 'cpu-model',
      label: 'CPU model',
      measures: 'CPU, estimated from its load',
      provenance: 'model',
      sameNumberCommand: 'head -1 /proc/stat   # the load the estimate stands on',
    },
    async probe(context) {
      if (machine.readCpuTimes() === null) return unavailable('The load of the CPU cannot be read.');
      const facts = await machine.facts();
      const specification = specifyCpu(facts);
      return {
        kind: 'available',
        covers: ['cpu'],
        how: specification.basis,
        open: async () => createCpuSource(machine, facts.cpuName, specification, context),
      };
    },
  };
}

function createCpuSource(
  machine: Machine,
  cpuName: string,
  specification: CpuSpecification,
  context: SourceContext,
): Source {
  const domain: Domain = {
    ...domainDefaults,
    id: 'cpu:0',
    kind: 'cpu',
    name: cpuName,
    label: 'CPU',
    index: 0,
    limitWatts: null,
    memoryTotalBytes: null,
    source: 'cpu-model',
    provenance: specification.provenance,
    isSimulated: false,
  };
  const idleWatts = estimateCpuWatts(specification.input, 0);
  let last = { atMs: context.clock.monotonicMs(), times: machine.readCpuTimes() };

  /** Mean load since the last read; null where it cannot be told or no time has passed. */
  function readLoad(atMs: number): number | null {
    const times = machine.readCpuTimes();
    const before = last.times;
    if (times === null || before === null) return null;
    const totalSeconds = times.totalSeconds - before.totalSeconds;
    if (totalSeconds <= 0) return null;
    last = { atMs, times };
    return Math.min(1, Math.max(0, (times.busySeconds - before.busySeconds) / totalSeconds));
  }

  return {
    domains: () => [domain],
    async read(): Promise<readonly SourceReading[]> {
      const atMs = context.clock.monotonicMs();
      const windowSeconds = (atMs - last.atMs) / 1000;
      const loadRatio = readLoad(atMs);
      if (loadRatio === null) return [];
      return [
        {
          domain,
          ...unknownValues,
          atMs,
          powerWatts: estimateCpuWatts(specification.input, loadRatio),
          powerWindowSeconds: windowSeconds,
          error: specification.error,
          idleWatts,
          utilizationRatio: loadRatio,
        },
      ];
    },
    close: async () => {},
  };
}
