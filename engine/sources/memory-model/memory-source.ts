import { dirname } from 'node:path';
import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import { gibibytesFromBytes, secondsFromMs } from '../../../shared/units.ts';
import type { Machine } from '../../machine/machine.ts';
import { type Source, type SourceContext, type SourceDefinition, unknownValues } from '../source.ts';
import { findInstalledModules } from './installed-modules.ts';
import { readMemoryLimit } from './memory-limit.ts';
import { readBytesWithoutCpus } from './memory-nodes.ts';
import { type MemorySpecification, specifyMemory } from './memory-specification.ts';

/** A model for the memory where no counter measures it. */
export function createMemoryModelDefinition(machine: Machine): SourceDefinition {
  return {
    descriptor: {
      id: 'memory-model',
      label: 'Memory model',
      measures: 'Memory, estimated from its modules',
      provenance: 'model',
      sameNumberCommand: 'udevadm info /sys/class/dmi/id | grep MEMORY_DEVICE   # the modules the estimate stands on',
    },
    async probe({ sysfsRoot, procfsRoot, clock }) {
      const { isVirtual, ...facts } = await machine.facts();
      const memoryBytes = facts.memoryBytes - readBytesWithoutCpus(sysfsRoot);
      // /run and the marks of containers lie beside /sys, here or where a host's are mounted.
      const fileRoot = dirname(sysfsRoot);
      const limit = readMemoryLimit({ procfsRoot, sysfsRoot, fileRoot }, memoryBytes);
      const installed = await findInstalledModules({ sysfsRoot, fileRoot }, memoryBytes);
      const specification = specifyMemory({ memoryBytes, isVirtual, installed, limit });
      return {
        kind: 'available',
        covers: ['memory'],
        how: specification.basis,
        open: async () =>
          createMemorySource(specification, clock, limit?.readUsedBytes ?? (() => machine.readMemoryUsedBytes())),
      };
    },
  };
}

function createMemorySource(
  { powerWatts, ownedBytes, provenance, error }: MemorySpecification,
  clock: SourceContext['clock'],
  readUsedBytes: () => number | null,
): Source {
  const domain: Domain = {
    ...domainDefaults,
    id: 'dram:0',
    kind: 'dram',
    name: `${gibibytesFromBytes(ownedBytes).toFixed(0)} GiB memory`,
    label: 'Memory',
    index: 0,
    memoryTotalBytes: ownedBytes,
    source: 'memory-model',
    provenance,
  };
  let lastAtMs: number | null = null;
  return {
    domains: () => [domain],
    async read() {
      const atMs = clock.monotonicMs();
      const powerWindowSeconds = lastAtMs === null ? 0 : secondsFromMs(atMs - lastAtMs);
      lastAtMs = atMs;
      return [
        {
          domain,
          ...unknownValues,
          atMs,
          powerWatts,
          powerWindowSeconds,
          error,
          idleWatts: powerWatts,
          memoryUsedBytes: readUsedBytes(),
          memoryTotalBytes: ownedBytes,
        },
      ];
    },
    close: async () => {},
  };
}
