import type { FieldQuery, NvmlProcess, NvmlProcessUtilization, NvmlResult } from './nvml-api.ts';

/**
 * Layouts of nvml.h's structs on 64-bit little-endian systems, the only ones the driver is made for. Read by views: each number that a Buffer reads is checked
 * by three functions, and costs as much memory as the rest of the call.
 */

/** 2^32. */
const wordValues = 0x1_0000_0000;

export const readUint32 = (view: DataView, at = 0): number => view.getUint32(at, true);

/** The nearest double above 2^53. */
export const readUint64 = (view: DataView, at = 0): number =>
  view.getUint32(at, true) + view.getUint32(at + 4, true) * wordValues;

const readInt64 = (view: DataView, at: number): number =>
  view.getUint32(at, true) + view.getInt32(at + 4, true) * wordValues;

/** Room for a list: MPS allows 48 clients a GPU, time slicing a few dozen more in practice. */
export const mostProcesses = 256;
/** Both words of a memory size that the driver does not tell. */
const unknownMemory = 0xffff_ffff;

/** nvmlProcessInfo_t: pid u32, padding, usedGpuMemory u64, gpuInstanceId u32, computeInstanceId u32. */
export const processInfoBytes = 24;
/** nvmlProcessInfo_v1_t: the same without the two ids. */
export const processInfoV1Bytes = 16;

export function parseProcesses(
  infos: DataView,
  count: number,
  itemBytes: number = processInfoBytes,
): readonly NvmlProcess[] {
  const processes: NvmlProcess[] = [];
  for (let i = 0; i < Math.min(count, mostProcesses); i++) {
    const at = i * itemBytes;
    const pid = readUint32(infos, at);
    const isUnknown = readUint32(infos, at + 8) === unknownMemory && readUint32(infos, at + 12) === unknownMemory;
    if (pid !== 0) processes.push({ pid, usedGpuMemoryBytes: isUnknown ? null : readUint64(infos, at + 8) });
  }
  return processes;
}

/** nvmlProcessUtilizationSample_t: pid u32, padding, timeStamp u64 (µs), smUtil, memUtil, encUtil, decUtil u32. */
export const processUtilizationBytes = 32;

export function parseProcessUtilization(samples: DataView, count: number): readonly NvmlProcessUtilization[] {
  const found: NvmlProcessUtilization[] = [];
  for (let i = 0; i < Math.min(count, mostProcesses); i++) {
    const at = i * processUtilizationBytes;
    found.push({
      pid: readUint32(samples, at),
      timeStampMicroseconds: readUint64(samples, at + 8),
      smPercent: readUint32(samples, at + 16),
    });
  }
  return found;
}

/** nvmlFieldValue_t: fieldId, scopeId u32, timestamp, latency i64, valueType, nvmlReturn i32, value of 8 bytes. */
export const fieldBytes = 40;
const valueTypeOffset = 24;
const returnOffset = 28;
const valueOffset = 32;
/** NVML_ERROR_UNKNOWN: stays where a driver leaves a field untouched. */
const untouched = 999;

export function encodeFieldQueries(values: DataView, queries: readonly FieldQuery[]): void {
  queries.forEach(({ fieldId, scopeId }, i) => {
    values.setUint32(i * fieldBytes, fieldId, true);
    values.setUint32(i * fieldBytes + 4, scopeId, true);
    values.setInt32(i * fieldBytes + returnOffset, untouched, true);
  });
}

export function parseFields(values: DataView, count: number): readonly NvmlResult<number>[] {
  const results: NvmlResult<number>[] = [];
  for (let i = 0; i < count; i++) results.push(fieldResult(values, i * fieldBytes));
  return results;
}

function fieldResult(values: DataView, at: number): NvmlResult<number> {
  const code = values.getInt32(at + returnOffset, true);
  if (code !== 0) return { kind: 'code', code };
  const value = fieldValue(values, at + valueOffset, values.getInt32(at + valueTypeOffset, true));
  // NaN and infinity are what a field holds that nobody wrote.
  return value === null || !Number.isFinite(value) ? { kind: 'code', code: untouched } : { kind: 'value', value };
}

/** By nvmlValueType_t; null for a type of a later driver. */
function fieldValue(values: DataView, at: number, type: number): number | null {
  switch (type) {
    case 0:
      return values.getFloat64(at, true);
    case 1:
      return readUint32(values, at);
    case 2:
    case 3:
      return readUint64(values, at);
    case 4:
      return readInt64(values, at);
    case 5:
      return values.getInt32(at, true);
    case 6:
      return values.getUint16(at, true);
    default:
      return null;
  }
}

interface MemorySize {
  readonly total: number;
  readonly used: number;
}

/** nvmlMemory_t: total, free, used, u64 each; the driver's reserve counts as used. */
export const memoryBytes = 24;
export const parseMemory = (memory: DataView): MemorySize => ({
  total: readUint64(memory),
  used: readUint64(memory, 16),
});

/** nvmlMemory_v2_t: version u32, padding, total, reserved, free, used; `used` is without the reserve, as nvidia-smi shows it. */
export const memoryV2Bytes = 40;
export const encodeMemoryV2 = (memory: DataView): void => memory.setUint32(0, memoryV2Bytes | (2 << 24), true);
export const parseMemoryV2 = (memory: DataView): MemorySize => ({
  total: readUint64(memory, 8),
  used: readUint64(memory, 32),
});

export function textUntilNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString('utf8');
}
