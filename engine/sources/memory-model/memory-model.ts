import { bytesFromGibibytes, gibibytesFromBytes } from '../../../shared/units.ts';
import type { SensorError } from '../source.ts';

export type MemoryGeneration = 'ddr3' | 'ddr4' | 'ddr5' | 'lpddr' | 'persistent';

/** One module, or one package of soldered memory. */
export interface MemoryModule {
  readonly sizeBytes: number;
  readonly generation: MemoryGeneration;
  /** With a register or load-reducing buffer on it, as servers have. */
  readonly isRegistered: boolean;
}

interface Coefficients {
  /** Register, power regulator, interface. */
  readonly wattsPerModule: number;
  /** Refresh, standby and what is read and written. */
  readonly wattsPerGibibyte: number;
}

/** Between idle and busy, by judgement from the figures in docs/methodology.md, 'Memory model'. */
const unbuffered = {
  ddr3: { wattsPerModule: 1.2, wattsPerGibibyte: 0.15 },
  ddr4: { wattsPerModule: 1.0, wattsPerGibibyte: 0.07 },
  ddr5: { wattsPerModule: 1.2, wattsPerGibibyte: 0.06 },
  lpddr: { wattsPerModule: 0.2, wattsPerGibibyte: 0.03 },
  persistent: { wattsPerModule: 8, wattsPerGibibyte: 0 },
} as const satisfies Record<MemoryGeneration, Coefficients>;
/** What a register with its clock tree adds to a module; a load-reducing buffer is taken for the same. */
const registerWatts = 0.8;

/** The truth lies in this range of the estimate where the modules are known: idle in power-down a sixth, under load twice. */
export const knownModulesError: SensorError = { lowRatio: 0.15, highRatio: 2, offsetWatts: 0 };
/** The same where even the modules are a guess. */
export const assumedModulesError: SensorError = { lowRatio: 0.1, highRatio: 3, offsetWatts: 0 };

/** Mean draw of one module in watts. Does not depend on load: nothing that may be read without root tells what the memory does. */
export function estimateModuleWatts({ sizeBytes, generation, isRegistered }: MemoryModule): number {
  const { wattsPerModule, wattsPerGibibyte } = unbuffered[generation];
  return wattsPerModule + (isRegistered ? registerWatts : 0) + wattsPerGibibyte * gibibytesFromBytes(sizeBytes);
}

export const estimateModulesWatts = (modules: readonly MemoryModule[]): number =>
  modules.reduce((sum, module) => sum + estimateModuleWatts(module), 0);

const smallestGibibytes = 8;
const largestGibibytes = 64;
/** Above it a machine is taken for a server, whose modules are registered. */
const largestDesktopGibibytes = 128;

/** Modules that a memory of that size is usually made of: DDR4, an eighth of it each, from 8 to 64 GiB, in powers of two. */
export function assumedModules(memoryBytes: number): readonly MemoryModule[] {
  const gibibytes = gibibytesFromBytes(memoryBytes);
  const eighth = 2 ** Math.ceil(Math.log2(Math.max(1, gibibytes / 8)));
  const sizeGibibytes = Math.min(largestGibibytes, Math.max(smallestGibibytes, eighth));
  const module: MemoryModule = {
    sizeBytes: bytesFromGibibytes(sizeGibibytes),
    generation: 'ddr4',
    isRegistered: gibibytes > largestDesktopGibibytes,
  };
  return Array.from({ length: Math.max(1, Math.ceil(gibibytes / sizeGibibytes)) }, () => module);
}

/** Watts of a GiB of a server nobody can see into: of a registered DDR4 module of 64 GiB. */
export const hostWattsPerGibibyte =
  estimateModuleWatts({ sizeBytes: bytesFromGibibytes(largestGibibytes), generation: 'ddr4', isRegistered: true }) /
  largestGibibytes;

/** '8 × 64 GiB registered DDR4 + 1 × 8 GiB LPDDR'. */
export function renderModules(modules: readonly MemoryModule[]): string {
  const labels = modules.map(
    ({ sizeBytes, generation, isRegistered }) =>
      `${Number(gibibytesFromBytes(sizeBytes).toFixed(1))} GiB ${isRegistered ? 'registered ' : ''}${generationLabels[generation]}`,
  );
  return [...Map.groupBy(labels, (label) => label)].map(([label, same]) => `${same.length} × ${label}`).join(' + ');
}

const generationLabels = {
  ddr3: 'DDR3',
  ddr4: 'DDR4',
  ddr5: 'DDR5',
  lpddr: 'LPDDR',
  persistent: 'persistent memory',
} as const satisfies Record<MemoryGeneration, string>;
