import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSmbiosModules } from './smbios.ts';

interface FakeDevice {
  readonly size: number;
  readonly extendedMebibytes?: number;
  readonly type?: number;
  readonly detail?: number;
  readonly length?: number;
}

/** Structure 17 of SMBIOS 2.7 (34 bytes) with two strings behind it. */
function device({ size, extendedMebibytes = 0, type = 26, detail = 0x2080, length = 34 }: FakeDevice): Buffer {
  const body = Buffer.alloc(34);
  body.writeUInt8(17, 0);
  body.writeUInt8(length, 1);
  body.writeUInt16LE(0x1100, 2);
  body.writeUInt16LE(size, 0x0c);
  body.writeUInt8(9, 0x0e);
  body.writeUInt8(1, 0x10);
  body.writeUInt8(type, 0x12);
  body.writeUInt16LE(detail, 0x13);
  body.writeUInt32LE(extendedMebibytes, 0x1c);
  return Buffer.concat([body.subarray(0, length), Buffer.from('DIMM_A1\0Maker\0\0', 'latin1')]);
}

/** A structure without strings: two NULs end it all the same. */
const bios = Buffer.concat([Buffer.from([0, 4, 0, 0]), Buffer.from([0, 0])]);
const end = Buffer.from([127, 4, 0, 0x7f, 0, 0]);

describe('parseSmbiosModules', () => {
  it('finds registered DDR4 modules and leaves empty slots out', () => {
    // 16384 MiB = 2^34 bytes.
    const table = Buffer.concat([bios, device({ size: 16_384 }), device({ size: 0 }), device({ size: 16_384 }), end]);
    const module = { sizeBytes: 2 ** 34, generation: 'ddr4', isRegistered: true };
    expect(parseSmbiosModules(table)).toEqual([module, module]);
  });

  it('reads sizes from 32 GiB on from their own field', () => {
    // 65536 MiB = 2^36 bytes. Type 34 is DDR5; 0x4080: unbuffered, synchronous.
    const table = device({ size: 0x7fff, extendedMebibytes: 65_536, type: 34, detail: 0x4080 });
    expect(parseSmbiosModules(table)).toEqual([{ sizeBytes: 2 ** 36, generation: 'ddr5', isRegistered: false }]);
  });

  it('reads small sizes in kibibytes', () =>
    // Bit 15 set: 8192 KiB = 2^23 bytes.
    expect(parseSmbiosModules(device({ size: 0x8000 | 8192 }))).toMatchObject([{ sizeBytes: 2 ** 23 }]));

  it.each([
    ['a size that is not known', device({ size: 0xffff })],
    ['a size that should be elsewhere and is not', device({ size: 0x7fff, length: 0x1b })],
    ['firmware in flash', device({ size: 16, type: 9 })],
    ['memory on the package', device({ size: 16_384, type: 32 })],
    ['a structure of SMBIOS 2.0', device({ size: 16_384, length: 0x10 })],
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(64)],
  ])('finds no module in %s', (_what, table) => expect(parseSmbiosModules(table)).toEqual([]));

  it('reads nothing behind the end of the table', () =>
    expect(parseSmbiosModules(Buffer.concat([end, device({ size: 16_384 })]))).toEqual([]));

  it('gives what comes before the place where a table is cut short', () => {
    const table = Buffer.concat([device({ size: 16_384 }), device({ size: 16_384 })]);
    for (let length = 0; length <= table.length; length++)
      expect(parseSmbiosModules(table.subarray(0, length)).length).toBeLessThanOrEqual(length >= 34 ? 2 : 0);
    expect(parseSmbiosModules(table.subarray(0, 60))).toHaveLength(1);
  });

  it('ends, and invents no endless memory, on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const modules = parseSmbiosModules(Buffer.from(bytes));
        expect(modules.length).toBeLessThanOrEqual(bytes.length / 0x15);
        for (const { sizeBytes } of modules) expect(sizeBytes).toBeGreaterThan(0);
      }),
    );
  });
});
