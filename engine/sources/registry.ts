import type { Machine } from '../machine/machine.ts';
import { amdSmiSource } from './amd-smi/amd-smi-source.ts';
import { amdApuSource, amdgpuSource } from './amdgpu/amdgpu-source.ts';
import { createCpuModelDefinition } from './cpu-model/cpu-source.ts';
import { energyMeterSource } from './energy-meter/energy-meter-source.ts';
import { intelGpuSource } from './intel-gpu/intel-source.ts';
import { createMemoryModelDefinition } from './memory-model/memory-source.ts';
import { nvidiaSmiSource } from './nvidia-smi/smi-source.ts';
import { nvmlSource } from './nvml/nvml-source.ts';
import { powermetricsSource } from './powermetrics/powermetrics-source.ts';
import { raplSource } from './rapl/rapl-source.ts';
import type { SourceDefinition } from './source.ts';
import { wallSource } from './wall/wall-source.ts';

/** Every source, the better before the worse: of two that can measure the same part, the first that answers speaks. */
export const createSourceDefinitions = (machine: Machine): readonly SourceDefinition[] => [
  nvmlSource,
  nvidiaSmiSource,
  amdgpuSource,
  amdSmiSource,
  intelGpuSource,
  raplSource,
  powermetricsSource,
  energyMeterSource,
  // CPU and graphics of an APU in one number: only where no counter tells the CPU's own.
  amdApuSource,
  createCpuModelDefinition(machine),
  createMemoryModelDefinition(machine),
  wallSource,
];
