import type { MemoryGeneration } from './memory-model.ts';

/**
 * What power has to do with a memory type as SMBIOS, systemd and the kernel's EDAC name it ('DDR5', 'LPDDR4', 'Unbuffered-DDR4', 'Low-Power-DDR4-RAM').
 * A type that is not told is taken for DDR4. Null for what is no main memory outside the package: HBM lies in it, ROM and flash hold the firmware.
 */
export function generationOf(typeName: string): MemoryGeneration | null {
  const name = typeName.toLowerCase();
  if (/hbm|rom|flash|vram|sgram|sram|3dram|cdram|edram/.test(name)) return null;
  if (/non-volatile|nvdimm|persistent/.test(name)) return 'persistent';
  if (/lpddr|low-power/.test(name)) return 'lpddr';
  const number = /(?:ddr|fbd)(\d)/.exec(name)?.[1];
  if (number === '5' || number === '6') return 'ddr5';
  if (number === undefined || number === '4') return name === 'ddr' || name === 'sdram' ? 'ddr3' : 'ddr4';
  return 'ddr3';
}

/** Of the words that SMBIOS and EDAC use: 'Registered (Buffered)', 'LRDIMM', 'Load-Reduced-DDR4-RAM'; not 'Unbuffered (Unregistered)'. */
export const isRegisteredBy = (words: string): boolean =>
  /(?<!un)registered|lrdimm|load-reduced|fb-dimm|fully-buffered/i.test(words);
