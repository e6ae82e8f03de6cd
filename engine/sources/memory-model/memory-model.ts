import { gibibytesFromBytes } from '../../../shared/units.ts';

/** Watts of one module: a constant for its buffer and regulators, and a part that grows with its chips. See docs/methodology.md, 'Memory model'. */
const wattsPerModule = 1.5;
const wattsPerGibibyte = 0.045;

/** The truth for a machine whose modules are not known lies in this range of the estimate. */
export const memoryModelError = { lowRatio: 0.4, highRatio: 2.5, offsetWatts: 0 } as const;

/** Modules that a memory size is usually made of: an eighth of it each, from 8 to 64 GiB, in powers of two. */
export function assumedModules(memoryBytes: number): { readonly count: number; readonly sizeGibibytes: number } {
  const gibibytes = gibibytesFromBytes(memoryBytes);
  const eighth = 2 ** Math.ceil(Math.log2(Math.max(1, gibibytes / 8)));
  const sizeGibibytes = Math.min(64, Math.max(8, eighth));
  return { count: Math.max(1, Math.ceil(gibibytes / sizeGibibytes)), sizeGibibytes };
}

/** Mean draw of the memory of a machine with `memoryBytes`, in watts. Does not depend on load: refresh and standby are most of it. */
export function estimateMemoryWatts(memoryBytes: number): number {
  const modules = assumedModules(memoryBytes);
  return modules.count * wattsPerModule + gibibytesFromBytes(memoryBytes) * wattsPerGibibyte;
}
