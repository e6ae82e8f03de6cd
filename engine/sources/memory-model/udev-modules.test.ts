import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUdevModules } from './udev-modules.ts';

/** As systemd's dmi_memory_id writes it: two modules in four slots. */
const record = `I:1234567
E:ID_VENDOR=Maker
E:MEMORY_ARRAY_LOCATION=System Board Or Motherboard
E:MEMORY_ARRAY_MAX_CAPACITY=137438953472
E:MEMORY_DEVICE_0_PRESENT=0
E:MEMORY_DEVICE_0_TYPE=Unknown
E:MEMORY_DEVICE_1_SIZE=17179869184
E:MEMORY_DEVICE_1_FORM_FACTOR=DIMM
E:MEMORY_DEVICE_1_TYPE=DDR4
E:MEMORY_DEVICE_1_TYPE_DETAIL=Synchronous Unbuffered (Unregistered)
E:MEMORY_DEVICE_2_PRESENT=0
E:MEMORY_DEVICE_3_SIZE=68719476736
E:MEMORY_DEVICE_3_TYPE=DDR5
E:MEMORY_DEVICE_3_TYPE_DETAIL=Synchronous Registered (Buffered)
E:MEMORY_DEVICE_3_VOLATILE_SIZE=68719476736
E:MEMORY_ARRAY_NUM_DEVICES=4
G:systemd
`;

describe('parseUdevModules', () => {
  it('finds the modules that are present', () =>
    expect(parseUdevModules(record)).toEqual([
      { sizeBytes: 2 ** 34, generation: 'ddr4', isRegistered: false },
      { sizeBytes: 2 ** 36, generation: 'ddr5', isRegistered: true },
    ]));

  it.each([
    '',
    'E:MEMORY_DEVICE_0_SIZE=\n',
    'E:MEMORY_DEVICE_0_SIZE=0\n',
    'E:MEMORY_DEVICE_0_SIZE=-5\n',
    'E:MEMORY_DEVICE_0_SIZE=16 GB\n',
    // Mebibytes, not bytes.
    'E:MEMORY_DEVICE_0_SIZE=4096\n',
    'E:MEMORY_DEVICE_0_SIZE=99999999999999999999\n',
    'MEMORY_DEVICE_0_SIZE=17179869184\n',
    'E:MEMORY_DEVICE_0_SIZE=17179869184\nE:MEMORY_DEVICE_0_TYPE=HBM2\n',
  ])('finds none in %j', (text) => expect(parseUdevModules(text)).toEqual([]));

  it('throws for no text', () => {
    const words = fc.constantFrom('E:', 'MEMORY_DEVICE_', '0', '_SIZE', '_TYPE', '=', '\n', '17179869184', 'DDR4');
    fc.assert(
      fc.property(fc.array(words), (parts) => {
        for (const { sizeBytes } of parseUdevModules(parts.join(''))) expect(sizeBytes).toBeGreaterThan(0);
      }),
    );
  });
});
