import { describe, expect, it } from 'vitest';
import { generationOf, isRegisteredBy } from './memory-kind.ts';

describe('generationOf', () => {
  it.each([
    // As systemd and dmidecode print SMBIOS's types.
    ['DDR4', 'ddr4'],
    ['DDR5', 'ddr5'],
    ['LPDDR5', 'lpddr'],
    ['LPDDR', 'lpddr'],
    ['DDR3', 'ddr3'],
    ['DDR2 FB-DIMM', 'ddr3'],
    ['DDR', 'ddr3'],
    ['Logical non-volatile device', 'persistent'],
    // As the kernel's EDAC does.
    ['Unbuffered-DDR4', 'ddr4'],
    ['Registered-DDR5', 'ddr5'],
    ['Load-Reduced-DDR4-RAM', 'ddr4'],
    ['Low-Power-DDR4-RAM', 'lpddr'],
    ['Non-volatile-RAM', 'persistent'],
    // What firmware says that does not know.
    ['Unknown', 'ddr4'],
    ['<OUT OF SPEC>', 'ddr4'],
    ['', 'ddr4'],
  ])('of %j is %s', (name, generation) => expect(generationOf(name)).toBe(generation));

  it.each(['HBM2', 'HBM', 'ROM', 'Flash', 'EEPROM', 'VRAM'])('is none for %j', (name) =>
    expect(generationOf(name)).toBeNull(),
  );
});

describe('isRegisteredBy', () => {
  it.each([
    ['Synchronous Registered (Buffered)', true],
    ['Synchronous LRDIMM', true],
    ['Registered-DDR4', true],
    ['Load-Reduced-DDR5-RAM', true],
    ['Synchronous Unbuffered (Unregistered)', false],
    ['Unbuffered-DDR4', false],
    ['None', false],
    ['', false],
  ])('of %j is %s', (words, expected) => expect(isRegisteredBy(words)).toBe(expected));
});
