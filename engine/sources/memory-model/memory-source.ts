import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import { gibibytesFromBytes } from '../../../shared/units.ts';
import type { Machine } from '../../machine/machine.ts';
import { type Source, type SourceContext, type SourceDefinition, unknownValues } from '../source.ts';
import { assumedModules, estimateMemoryWatts, memoryModelError } from './memory-model.ts';

/** A model for the memory where no counter measures it. */
export function createMemoryModelDefinition(machine: Machine): SourceDefinition {
  return {
    descriptor: {
      id: 'memory-model',
      label: 'Memory model',
      measures: 'Memory, estimated from its size',
      provenance: 'model',
      sameNumberCommand: 'free -g   # the size the estimate stands on',
    },
    async probe(context) {
      const { memoryBytes } = await machine.facts();
      const modules = assumedModules(memoryBytes);
      return {
        kind: 'available',
        covers: ['memory'],
        how: `${gibibytesFromBytes(memoryBytes).toFixed(0)} GiB taken for ${modules.count} modules of ${modules.sizeGibibytes} GiB`,
        open: async () => createMemorySource(machine, memoryBytes, context),
      };
    },
  };
}

function createMemorySource(machine: Machine, memoryBytes: number, context: SourceContext): Source {
  const powerWatts = estimateMemoryWatts(memoryBytes);
  const domain: Domain = {
    ...domainDefaults,
    id: 'dram:0',
    kind: 'dram',
    name: `${gibibytesFromBytes(memoryBytes).toFixed(0)} GiB memory`,
    label: 'Memory',
    index: 0,
    limitWatts: null,
    memoryTotalBytes: memoryBytes,
    source: 'memory-model',
    provenance: 'model',
    isSimulated: false,
  };
  let lastAtMs: number | null = null;
  return {
    domains: () => [domain],
    async read() {
      const atMs = context.clock.monotonicMs();
      const windowSeconds = lastAtMs === null ? 0 : (atMs - lastAtMs) / 1000;
      lastAtMs = atMs;
      return [
        {
          domain,
          ...unknownValues,
          atMs,
          powerWatts,
          powerWindowSeconds: windowSeconds,
          error: memoryModelError,
          idleWatts: powerWatts,
          memoryUsedBytes: machine.readMemoryUsedBytes(),
          memoryTotalBytes: memoryBytes,
        },
      ];
    },
    close: async () => {},
  };
}
