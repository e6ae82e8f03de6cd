import type { Machine } from '../machine/machine.ts';
import { createCpuModelDefinition } from './cpu-model/cpu-source.ts';
import { createMemoryModelDefinition } from './memory-model/memory-source.ts';
import { nvidiaSmiSource } from './nvidia-smi/smi-source.ts';
import { nvmlSource } from './nvml/nvml-source.ts';
import { raplSource } from './rapl/rapl-source.ts';
import type { SourceDefinition } from './source.ts';

/** Every source, the better before the worse: of two that can measure the same part, the first that answers speaks. */
export const createSourceDefinitions = (machine: Machine): readonly SourceDefinition[] => [
  nvmlSource,
  nvidiaSmiSource,
  raplSource,
  createCpuModelDefinition(machine),
  createMemoryModelDefinition(machine),
];
