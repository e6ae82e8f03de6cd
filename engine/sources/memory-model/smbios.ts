import { bytesFromKibibytes, bytesFromMebibytes } from '../../../shared/units.ts';
import { generationOf } from './memory-kind.ts';
import type { MemoryModule } from './memory-model.ts';

/** Type names of SMBIOS structure 17, field 12h, by code (DMTF DSP0134, table 'Memory Device: Type'). Codes 1 and 2 are 'other' and 'unknown'. */
const typeNames: Readonly<Record<number, string>> = {
  5: 'VRAM',
  6: 'SRAM',
  8: 'ROM',
  9: 'Flash',
  10: 'EEPROM',
  11: 'FEPROM',
  12: 'EPROM',
  15: 'SDRAM',
  18: 'DDR',
  19: 'DDR2',
  20: 'DDR2 FB-DIMM',
  24: 'DDR3',
  26: 'DDR4',
  27: 'LPDDR',
  28: 'LPDDR2',
  29: 'LPDDR3',
  30: 'LPDDR4',
  31: 'Logical non-volatile device',
  32: 'HBM',
  33: 'HBM2',
  34: 'DDR5',
  35: 'LPDDR5',
  36: 'HBM3',
};

const memoryDevice = 17;
const endOfTable = 127;
const headerBytes = 4;
/** Up to SMBIOS 2.1 a memory device ends before its type detail; none that short tells enough. */
const shortestDeviceBytes = 0x15;
const sizeUnknown = 0xffff;
const sizeElsewhere = 0x7fff;
/** Bits 13 and 15 of the type detail: registered, LRDIMM. */
const registeredBits = (1 << 13) | (1 << 15);

/** Modules in the raw table `/sys/firmware/dmi/tables/DMI`, empty slots left out. A table that is cut short or broken gives those before the break. */
export function parseSmbiosModules(table: Buffer): readonly MemoryModule[] {
  const modules: MemoryModule[] = [];
  let at = 0;
  while (at + headerBytes <= table.length) {
    const type = table.readUInt8(at);
    const length = table.readUInt8(at + 1);
    const end = at + length;
    if (length < headerBytes || end > table.length || type === endOfTable) break;
    const module = type === memoryDevice ? parseDevice(table.subarray(at, end)) : null;
    if (module !== null) modules.push(module);
    // Strings follow the structure and end with two NULs; two NULs are there without any string too.
    const strings = table.indexOf('\0\0', end, 'latin1');
    if (strings < 0) break;
    at = strings + 2;
  }
  return modules;
}

function parseDevice(structure: Buffer): MemoryModule | null {
  if (structure.length < shortestDeviceBytes) return null;
  const sizeBytes = sizeOf(structure);
  const generation = generationOf(typeNames[structure.readUInt8(0x12)] ?? '');
  if (sizeBytes === null || generation === null) return null;
  return { sizeBytes, generation, isRegistered: (structure.readUInt16LE(0x13) & registeredBits) !== 0 };
}

/** Null for an empty slot and a size that is not known. */
function sizeOf(structure: Buffer): number | null {
  const size = structure.readUInt16LE(0x0c);
  if (size === 0 || size === sizeUnknown) return null;
  if (size === sizeElsewhere) {
    if (structure.length < 0x20) return null;
    // Bit 31 is reserved.
    const mebibytes = structure.readUInt32LE(0x1c) & 0x7fff_ffff;
    return mebibytes === 0 ? null : bytesFromMebibytes(mebibytes);
  }
  return (size & 0x8000) === 0 ? bytesFromMebibytes(size) : bytesFromKibibytes(size & 0x7fff);
}
