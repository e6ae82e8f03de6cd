import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFieldQueries, mostProcesses, parseFields, parseProcesses, processInfoBytes } from './nvml-structs.ts';

/** What the fields are asked with, in memory of their own. */
function queryOf(queries: Parameters<typeof encodeFieldQueries>[1]): Buffer {
  const values = Buffer.alloc(queries.length * 40);
  encodeFieldQueries(viewOf(values), queries);
  return values;
}
const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView => new DataView(buffer, byteOffset, byteLength);

/** nvmlFieldValue_t of 40 bytes: type at 24, return at 28, value at 32. */
function answer(values: Buffer, index: number, type: number, write: (value: Buffer) => void): DataView {
  values.writeInt32LE(type, index * 40 + 24);
  values.writeInt32LE(0, index * 40 + 28);
  write(values.subarray(index * 40 + 32, index * 40 + 40));
  return viewOf(values);
}

describe('parseFields', () => {
  const query = [{ fieldId: 186, scopeId: 1 }];

  it('asks by field and scope, and reads the value in its type', () => {
    const values = queryOf(query);
    expect([values.length, values.readUInt32LE(0), values.readUInt32LE(4)]).toEqual([40, 186, 1]);
    expect(
      parseFields(
        answer(values, 0, 1, (value) => value.writeUInt32LE(250_000)),
        1,
      ),
    ).toEqual([{ kind: 'value', value: 250_000 }]);
  });

  it.each([
    [0, (value: Buffer) => value.writeDoubleLE(1.5), 1.5],
    [3, (value: Buffer) => value.writeBigUInt64LE(2n ** 40n), 2 ** 40],
    [4, (value: Buffer) => value.writeBigInt64LE(-7n), -7],
    [5, (value: Buffer) => value.writeInt32LE(-7), -7],
    [6, (value: Buffer) => value.writeUInt16LE(65_535), 65_535],
  ] as const)('reads type %d', (type, write, expected) =>
    expect(parseFields(answer(queryOf(query), 0, type, write), 1)).toEqual([{ kind: 'value', value: expected }]),
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('has no value of a field that holds %d', (number) =>
    expect(
      parseFields(
        answer(queryOf(query), 0, 0, (value) => value.writeDoubleLE(number)),
        1,
      ),
    ).toEqual([{ kind: 'code', code: 999 }]),
  );

  it('has no value of a field that the driver left untouched or whose type is unknown', () => {
    expect(parseFields(viewOf(queryOf(query)), 1)).toEqual([{ kind: 'code', code: 999 }]);
    expect(
      parseFields(
        answer(queryOf(query), 0, 77, () => {}),
        1,
      ),
    ).toEqual([{ kind: 'code', code: 999 }]);
  });
});

describe('parseProcesses', () => {
  it('knows no memory where the driver does not tell it, and no process 0', () => {
    const infos = Buffer.alloc(3 * processInfoBytes);
    infos.writeUInt32LE(11, 0);
    infos.writeBigUInt64LE(1024n, 8);
    infos.writeUInt32LE(12, processInfoBytes);
    infos.writeBigUInt64LE(2n ** 64n - 1n, processInfoBytes + 8);
    expect(parseProcesses(viewOf(infos), 3)).toEqual([
      { pid: 11, usedGpuMemoryBytes: 1024 },
      { pid: 12, usedGpuMemoryBytes: null },
    ]);
  });

  it('reads no further than its room, whatever count comes back', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (count) => {
        const infos = Buffer.alloc(mostProcesses * processInfoBytes, 1);
        expect(parseProcesses(viewOf(infos), count).length).toBe(Math.min(count, mostProcesses));
      }),
    ));
});
