import { gibibytesFromBytes } from '../../../shared/units.ts';
import type { SensorError } from '../source.ts';
import type { InstalledModules } from './installed-modules.ts';
import type { MemoryLimit } from './memory-limit.ts';
import {
  assumedModules,
  assumedModulesError,
  estimateModulesWatts,
  hostWattsPerGibibyte,
  knownModulesError,
  renderModules,
} from './memory-model.ts';

export interface MemoryFacts {
  readonly memoryBytes: number;
  readonly isVirtual: boolean;
  readonly installed: InstalledModules | null;
  readonly limit: MemoryLimit | null;
}

export interface MemorySpecification {
  readonly powerWatts: number;
  /** What this machine, guest or container owns: the least of what it sees and what it was given. */
  readonly ownedBytes: number;
  readonly provenance: 'model' | 'assumed';
  readonly error: SensorError;
  /** What the estimate stands on, in words. */
  readonly basis: string;
}

/** A guest's modules are its hypervisor's invention, so it owns a share of a server's by the GiB; a container owns a share of its machine's. */
export function specifyMemory(facts: MemoryFacts): MemorySpecification {
  const { memoryBytes, isVirtual, limit } = facts;
  const ownedBytes = Math.min(memoryBytes, limit?.limitBytes ?? memoryBytes);
  const installed = isVirtual ? null : facts.installed;
  const share = memoryBytes > 0 ? ownedBytes / memoryBytes : 0;
  const machine = isVirtual
    ? { watts: gibibytesFromBytes(memoryBytes) * hostWattsPerGibibyte, label: guestLabel(memoryBytes) }
    : machineOf(memoryBytes, installed);
  const shareLabel =
    limit === null ? '' : `${gibibytes(ownedBytes)} of ${gibibytes(memoryBytes)}, the limit in ${limit.from}; `;
  return {
    powerWatts: machine.watts * share,
    ownedBytes,
    provenance: installed === null ? 'assumed' : 'model',
    error: installed === null ? assumedModulesError : knownModulesError,
    basis: shareLabel + machine.label,
  };
}

function machineOf(memoryBytes: number, installed: InstalledModules | null): { watts: number; label: string } {
  if (installed !== null)
    return {
      watts: estimateModulesWatts(installed.modules),
      label: `${renderModules(installed.modules)}, as ${installed.from} says`,
    };
  const modules = assumedModules(memoryBytes);
  return {
    watts: estimateModulesWatts(modules),
    label: `${gibibytes(memoryBytes)} taken for ${renderModules(modules)}: what is installed cannot be read`,
  };
}

const guestLabel = (memoryBytes: number): string =>
  `a virtual machine's ${gibibytes(memoryBytes)}, taken for a share of a server's 64 GiB modules`;

const gibibytes = (bytes: number): string => `${Number(gibibytesFromBytes(bytes).toFixed(1))} GiB`;
