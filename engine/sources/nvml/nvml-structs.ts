import type { Room } from './native-calls.ts';
import type { FieldQuery, Handle, NvmlProcess, NvmlProcessUtilization, NvmlResult } from './nvml-api.ts';

/** Layouts of nvml.h's structs on 64-bit little-endian systems, the only ones the driver is made for. */

/** Room for a list: MPS allows 48 clients a GPU, time slicing a few dozen more in practice. */
export const mostProcesses = 256;
const unknownMemory = 0xffff_ffff_ffff_ffffn;

/** nvmlProcessInfo_t: pid u32, padding, usedGpuMemory u64, gpuInstanceId u32, computeInstanceId u32. */
export const processInfoBytes = 24;
/** nvmlProcessInfo_v1_t: the same without the two ids. */
export const processInfoV1Bytes = 16;

export function parseProcesses(
  infos: Buffer,
  count: number,
  itemBytes: number = processInfoBytes,
): readonly NvmlProcess[] {
  return Array.from({ length: Math.min(count, mostProcesses) }, (_, i) => {
    const usedBytes = infos.readBigUInt64LE(i * itemBytes + 8);
    return {
      pid: infos.readUInt32LE(i * itemBytes),
      usedGpuMemoryBytes: usedBytes === unknownMemory ? null : Number(usedBytes),
    };
  }).filter((process) => process.pid !== 0);
}

/** nvmlProcessUtilizationSample_t: pid u32, padding, timeStamp u64 (µs), smUtil, memUtil, encUtil, decUtil u32. */
export const processUtilizationBytes = 32;

export function parseProcessUtilization(samples: Buffer, count: number): readonly NvmlProcessUtilization[] {
  return Array.from({ length: Math.min(count, mostProcesses) }, (_, i) => ({
    pid: samples.readUInt32LE(i * processUtilizationBytes),
    timeStampMicroseconds: Number(samples.readBigUInt64LE(i * processUtilizationBytes + 8)),
    smPercent: samples.readUInt32LE(i * processUtilizationBytes + 16),
  }));
}

/** nvmlFieldValue_t: fieldId, scopeId u32, timestamp, latency i64, valueType, nvmlReturn i32, value of 8 bytes. */
const fieldBytes = 40;
const valueTypeOffset = 24;
const returnOffset = 28;
const valueOffset = 32;
/** NVML_ERROR_UNKNOWN: stays where a driver leaves a field untouched. */
const untouched = 999;

export function encodeFieldQueries(room: Room, queries: readonly FieldQuery[]): Buffer {
  const values = room(queries.length * fieldBytes);
  queries.forEach(({ fieldId, scopeId }, i) => {
    values.writeUInt32LE(fieldId, i * fieldBytes);
    values.writeUInt32LE(scopeId, i * fieldBytes + 4);
    values.writeInt32LE(untouched, i * fieldBytes + returnOffset);
  });
  return values;
}

export function parseFields(values: Buffer, count: number): readonly NvmlResult<number>[] {
  return Array.from({ length: count }, (_, i): NvmlResult<number> => {
    const at = i * fieldBytes;
    const code = values.readInt32LE(at + returnOffset);
    if (code !== 0) return { kind: 'code', code };
    const value = fieldValue(values, at + valueOffset, values.readInt32LE(at + valueTypeOffset));
    // NaN and infinity are what a field holds that nobody wrote.
    return value === null || !Number.isFinite(value) ? { kind: 'code', code: untouched } : { kind: 'value', value };
  });
}

/** By nvmlValueType_t; null for a type of a later driver. */
function fieldValue(values: Buffer, at: number, type: number): number | null {
  switch (type) {
    case 0:
      return values.readDoubleLE(at);
    case 1:
      return values.readUInt32LE(at);
    case 2:
    case 3:
      return Number(values.readBigUInt64LE(at));
    case 4:
      return Number(values.readBigInt64LE(at));
    case 5:
      return values.readInt32LE(at);
    case 6:
      return values.readUInt16LE(at);
    default:
      return null;
  }
}

interface MemoryOut {
  readonly args: readonly unknown[];
  readonly take: () => { readonly total: number; readonly used: number };
}

/** nvmlMemory_t: total, free, used, u64 each; the driver's reserve counts as used. */
export function parseMemory(room: Room, device: Handle): MemoryOut {
  const out = room(24);
  return {
    args: [device, out],
    take: () => ({ total: Number(out.readBigUInt64LE()), used: Number(out.readBigUInt64LE(16)) }),
  };
}

/** nvmlMemory_v2_t: version u32, padding, total, reserved, free, used; `used` is without the reserve, as nvidia-smi shows it. */
export function parseMemoryV2(room: Room, device: Handle): MemoryOut {
  const out = room(40);
  out.writeUInt32LE(out.length | (2 << 24));
  return {
    args: [device, out],
    take: () => ({ total: Number(out.readBigUInt64LE(8)), used: Number(out.readBigUInt64LE(32)) }),
  };
}

export function textUntilNul(buffer: Buffer): string {
  const end = buffer.indexOf(0);
  return buffer.toString('utf8', 0, end < 0 ? buffer.length : end);
}
