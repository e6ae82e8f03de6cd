import { createRequire } from 'node:module';
import { delimiter } from 'node:path';
import { WattrunError } from '../../../shared/contract/errors.ts';

/** Return codes of nvml.h that mean something to us. */
export const nvmlCodes = {
  success: 0,
  notSupported: 3,
  noPermission: 4,
  insufficientSize: 7,
  gpuIsLost: 15,
  resetRequired: 16,
} as const;

export type Handle = unknown;

/** A call's value, or the NVML code that came in its place. A symbol the driver does not have answers like NOT_SUPPORTED. */
export type NvmlResult<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'code'; readonly code: number };

export interface NvmlProcess {
  readonly pid: number;
  readonly usedGpuMemoryBytes: number | null;
}

export interface NvmlProcessUtilization {
  readonly pid: number;
  readonly timeStampMicroseconds: number;
  readonly smPercent: number;
}

/** The functions of libnvidia-ml that are used, each off the event loop: a hung driver blocks a pool thread, never the sampler. */
export interface NvmlLibrary {
  readonly path: string;
  init(): Promise<NvmlResult<null>>;
  shutdown(): Promise<void>;
  driverVersion(): Promise<NvmlResult<string>>;
  deviceCount(): Promise<NvmlResult<number>>;
  deviceHandle(index: number): Promise<NvmlResult<Handle>>;
  uuid(device: Handle): Promise<NvmlResult<string>>;
  name(device: Handle): Promise<NvmlResult<string>>;
  architecture(device: Handle): Promise<NvmlResult<number>>;
  powerUsageMilliwatts(device: Handle): Promise<NvmlResult<number>>;
  totalEnergyMillijoules(device: Handle): Promise<NvmlResult<number>>;
  /** The same at once, on the calling thread: for a driver that answered a moment ago. A counter is worth as much as the time beside it. */
  totalEnergyMillijoulesNow(device: Handle): NvmlResult<number>;
  enforcedPowerLimitMilliwatts(device: Handle): Promise<NvmlResult<number>>;
  utilizationPercent(device: Handle): Promise<NvmlResult<{ readonly gpu: number; readonly memory: number }>>;
  memoryBytes(device: Handle): Promise<NvmlResult<{ readonly total: number; readonly used: number }>>;
  temperatureCelsius(device: Handle): Promise<NvmlResult<number>>;
  clockMegahertz(device: Handle, clock: 'sm' | 'memory'): Promise<NvmlResult<number>>;
  clockEventReasons(device: Handle): Promise<NvmlResult<number>>;
  computeProcesses(device: Handle): Promise<NvmlResult<readonly NvmlProcess[]>>;
  processUtilization(device: Handle, sinceMicroseconds: number): Promise<NvmlResult<readonly NvmlProcessUtilization[]>>;
}

const usualNames = {
  linux: ['libnvidia-ml.so.1', 'libnvidia-ml.so', '/usr/lib/wsl/lib/libnvidia-ml.so.1'],
  win32: ['nvml.dll', 'C:\\Windows\\System32\\nvml.dll', 'C:\\Program Files\\NVIDIA Corporation\\NVSMI\\nvml.dll'],
} as const;

/** Usual file names of the library, or only what `WATTRUN_NVML` names. */
export function nvmlCandidates(
  environment: Readonly<Record<string, string | undefined>>,
  platform: string = process.platform,
): readonly string[] {
  const override = environment.WATTRUN_NVML;
  if (override !== undefined && override !== '') return override.split(delimiter);
  return platform === 'linux' ? usualNames.linux : platform === 'win32' ? usualNames.win32 : [];
}

type Koffi = typeof import('koffi');
type KoffiLibrary = ReturnType<Koffi['load']>;

/** Loads the first candidate that opens. Null, with the loader's words, where none does. */
export function loadNvml(
  candidates: readonly string[],
): { readonly library: NvmlLibrary } | { readonly reason: string } {
  if (candidates.length === 0) return { reason: 'NVIDIA has no NVML for this system.' };
  const koffi = loadKoffi();
  if (koffi === null) return { reason: 'The module koffi, which calls NVML, could not be loaded on this system.' };
  let lastReason = '';
  for (const path of candidates) {
    try {
      return { library: bind(koffi, koffi.load(path), path) };
    } catch (error) {
      lastReason = error instanceof Error ? error.message : String(error);
    }
  }
  return { reason: `NVML could not be loaded (${lastReason.slice(0, 200)}).` };
}

function loadKoffi(): Koffi | null {
  try {
    return createRequire(import.meta.url)('koffi') as Koffi;
  } catch {
    return null;
  }
}

const versionBufferBytes = 96;
const nvmlClocks = { sm: 1, memory: 2 } as const;
const unknownMemory = 0xffff_ffff_ffff_ffffn;
const mostProcesses = 1024;

/** One exported function: called on koffi's pool thread, its absence an answer and not an error. */
type Call = (...args: readonly unknown[]) => Promise<number>;

function createCaller(library: KoffiLibrary): (names: readonly string[], parameters: readonly string[]) => Call {
  return (names, parameters) => {
    for (const name of names) {
      try {
        const call = library.func(`int ${name}(${parameters.join(', ')})`);
        return (...args) =>
          new Promise((resolve, reject) => {
            call.async(...args, (error: Error | null, code: number) =>
              error === null || error === undefined ? resolve(code) : reject(error),
            );
          });
      } catch {
        // This driver does not have it under this name.
      }
    }
    return async () => nvmlCodes.notSupported;
  };
}

/** A function called on this thread. */
function declareNow(
  library: KoffiLibrary,
  name: string,
  parameters: readonly string[],
): (...args: readonly unknown[]) => number {
  try {
    const call = library.func(`int ${name}(${parameters.join(', ')})`);
    return (...args) => Number(call(...args));
  } catch {
    return () => nvmlCodes.notSupported;
  }
}

function bind(koffi: Koffi, native: KoffiLibrary, path: string): NvmlLibrary {
  const types = declareTypes(koffi);
  const declare = createCaller(native);
  const device = `${types.device} device`;
  const calls = {
    init: declare(['nvmlInit_v2', 'nvmlInit'], []),
    shutdown: declare(['nvmlShutdown'], []),
    driverVersion: declare(['nvmlSystemGetDriverVersion'], ['_Out_ uint8_t *text', 'uint length']),
    count: declare(['nvmlDeviceGetCount_v2', 'nvmlDeviceGetCount'], ['_Out_ uint *count']),
    handle: declare(
      ['nvmlDeviceGetHandleByIndex_v2', 'nvmlDeviceGetHandleByIndex'],
      ['uint index', `_Out_ ${types.device} *device`],
    ),
    uuid: declare(['nvmlDeviceGetUUID'], [device, '_Out_ uint8_t *text', 'uint length']),
    name: declare(['nvmlDeviceGetName'], [device, '_Out_ uint8_t *text', 'uint length']),
    architecture: declare(['nvmlDeviceGetArchitecture'], [device, '_Out_ uint *value']),
    power: declare(['nvmlDeviceGetPowerUsage'], [device, '_Out_ uint *value']),
    energyNow: declareNow(native, 'nvmlDeviceGetTotalEnergyConsumption', [device, '_Out_ uint64_t *value']),
    energy: declare(['nvmlDeviceGetTotalEnergyConsumption'], [device, '_Out_ uint64_t *value']),
    limit: declare(
      ['nvmlDeviceGetEnforcedPowerLimit', 'nvmlDeviceGetPowerManagementLimit'],
      [device, '_Out_ uint *value'],
    ),
    utilization: declare(['nvmlDeviceGetUtilizationRates'], [device, `_Out_ ${types.utilization} *value`]),
    memory: declare(['nvmlDeviceGetMemoryInfo'], [device, `_Out_ ${types.memory} *value`]),
    temperature: declare(['nvmlDeviceGetTemperature'], [device, 'int sensor', '_Out_ uint *value']),
    clock: declare(['nvmlDeviceGetClockInfo'], [device, 'int clock', '_Out_ uint *value']),
    reasons: declare(
      ['nvmlDeviceGetCurrentClocksEventReasons', 'nvmlDeviceGetCurrentClocksThrottleReasons'],
      [device, '_Out_ uint64_t *value'],
    ),
    // _v2 and _v3 share this layout; older ones lack the MIG ids and are left alone.
    processes: declare(
      ['nvmlDeviceGetComputeRunningProcesses_v3', 'nvmlDeviceGetComputeRunningProcesses_v2'],
      [device, '_Inout_ uint *count', '_Out_ uint8_t *infos'],
    ),
    processUtilization: declare(
      ['nvmlDeviceGetProcessUtilization'],
      [device, '_Out_ uint8_t *samples', '_Inout_ uint *count', 'uint64_t since'],
    ),
  };

  async function scalar(call: Call, ...args: readonly unknown[]): Promise<NvmlResult<number>> {
    const out: [number | bigint] = [0];
    const code = await call(...args, out);
    return code === nvmlCodes.success ? { kind: 'value', value: Number(out[0]) } : { kind: 'code', code };
  }
  async function text(call: Call, ...args: readonly unknown[]): Promise<NvmlResult<string>> {
    const buffer = Buffer.alloc(versionBufferBytes);
    const code = await call(...args, buffer, versionBufferBytes);
    return code === nvmlCodes.success ? { kind: 'value', value: textUntilNul(buffer) } : { kind: 'code', code };
  }
  async function struct<T, V>(call: Call, target: Handle, pick: (value: T) => V): Promise<NvmlResult<V>> {
    const out: [T | null] = [null];
    const code = await call(target, out);
    return code === nvmlCodes.success && out[0] !== null
      ? { kind: 'value', value: pick(out[0]) }
      : { kind: 'code', code };
  }

  return {
    path,
    async init() {
      const code = await calls.init();
      return code === nvmlCodes.success ? { kind: 'value', value: null } : { kind: 'code', code };
    },
    async shutdown() {
      await calls.shutdown();
    },
    driverVersion: () => text(calls.driverVersion),
    deviceCount: () => scalar(calls.count),
    async deviceHandle(index) {
      const out: [Handle] = [null];
      const code = await calls.handle(index, out);
      return code === nvmlCodes.success ? { kind: 'value', value: out[0] } : { kind: 'code', code };
    },
    uuid: (target) => text(calls.uuid, target),
    name: (target) => text(calls.name, target),
    architecture: (target) => scalar(calls.architecture, target),
    powerUsageMilliwatts: (target) => scalar(calls.power, target),
    totalEnergyMillijoules: (target) => scalar(calls.energy, target),
    totalEnergyMillijoulesNow(target) {
      const out: [number | bigint] = [0];
      const code = calls.energyNow(target, out);
      return code === nvmlCodes.success ? { kind: 'value', value: Number(out[0]) } : { kind: 'code', code };
    },
    enforcedPowerLimitMilliwatts: (target) => scalar(calls.limit, target),
    utilizationPercent: (target) =>
      struct<{ gpu: number; memory: number }, { gpu: number; memory: number }>(
        calls.utilization,
        target,
        (value) => value,
      ),
    memoryBytes: (target) =>
      struct<{ total: number | bigint; used: number | bigint }, { total: number; used: number }>(
        calls.memory,
        target,
        (value) => ({
          total: Number(value.total),
          used: Number(value.used),
        }),
      ),
    temperatureCelsius: (target) => scalar(calls.temperature, target, 0),
    clockMegahertz: (target, clock) => scalar(calls.clock, target, nvmlClocks[clock]),
    clockEventReasons: (target) => scalar(calls.reasons, target),
    async computeProcesses(target) {
      const count = [mostProcesses];
      const buffer = Buffer.alloc(mostProcesses * processInfoBytes);
      const code = await calls.processes(target, count, buffer);
      return code === nvmlCodes.success
        ? { kind: 'value', value: parseProcesses(buffer, count[0] ?? 0) }
        : { kind: 'code', code };
    },
    async processUtilization(target, sinceMicroseconds) {
      const count = [mostProcesses];
      const buffer = Buffer.alloc(mostProcesses * utilizationSampleBytes);
      const code = await calls.processUtilization(target, buffer, count, BigInt(Math.trunc(sinceMicroseconds)));
      return code === nvmlCodes.success
        ? { kind: 'value', value: parseUtilization(buffer, count[0] ?? 0) }
        : { kind: 'code', code };
    },
  };
}

/** Named types live in koffi's process-wide table: declared once, however often a library is bound. */
let declared: { readonly device: string; readonly utilization: string; readonly memory: string } | null = null;

function declareTypes(koffi: Koffi): {
  readonly device: string;
  readonly utilization: string;
  readonly memory: string;
} {
  if (declared !== null) return declared;
  koffi.pointer('WattrunNvmlDevice', koffi.opaque('WattrunNvmlDeviceStruct'));
  koffi.struct('WattrunNvmlUtilization', { gpu: 'uint', memory: 'uint' });
  koffi.struct('WattrunNvmlMemory', { total: 'uint64_t', free: 'uint64_t', used: 'uint64_t' });
  declared = { device: 'WattrunNvmlDevice', utilization: 'WattrunNvmlUtilization', memory: 'WattrunNvmlMemory' };
  return declared;
}

/** nvmlProcessInfo_t: pid u32, padding, usedGpuMemory u64, gpuInstanceId u32, computeInstanceId u32. */
const processInfoBytes = 24;

function parseProcesses(buffer: Buffer, count: number): readonly NvmlProcess[] {
  return Array.from({ length: Math.min(count, mostProcesses) }, (_, i) => {
    const usedBytes = buffer.readBigUInt64LE(i * processInfoBytes + 8);
    return {
      pid: buffer.readUInt32LE(i * processInfoBytes),
      usedGpuMemoryBytes: usedBytes === unknownMemory ? null : Number(usedBytes),
    };
  });
}

/** nvmlProcessUtilizationSample_t: pid u32, padding, timeStamp u64 (µs), smUtil, memUtil, encUtil, decUtil u32. */
const utilizationSampleBytes = 32;

function parseUtilization(buffer: Buffer, count: number): readonly NvmlProcessUtilization[] {
  return Array.from({ length: Math.min(count, mostProcesses) }, (_, i) => ({
    pid: buffer.readUInt32LE(i * utilizationSampleBytes),
    timeStampMicroseconds: Number(buffer.readBigUInt64LE(i * utilizationSampleBytes + 8)),
    smPercent: buffer.readUInt32LE(i * utilizationSampleBytes + 16),
  })).filter((sample) => sample.pid !== 0);
}

function textUntilNul(buffer: Buffer): string {
  const end = buffer.indexOf(0);
  return buffer.toString('utf8', 0, end < 0 ? buffer.length : end);
}

/** Words for the codes people meet; the rest by number (nvml.h, nvmlReturn_enum). */
export function nvmlCodeText(code: number): string {
  const texts: Readonly<Record<number, string>> = {
    1: 'NVML is not initialised',
    3: 'not supported',
    4: 'no permission',
    9: 'the NVIDIA driver is not loaded',
    12: 'a library function is missing',
    15: 'the GPU is lost (fallen off the bus)',
    16: 'the GPU needs a reset',
    18: 'driver and library versions do not match',
    999: 'unknown error of the driver',
  };
  return texts[code] ?? `NVML error ${code}`;
}

export function nvmlTimeout(what: string): WattrunError {
  return new WattrunError('source/timeout', `The NVIDIA driver did not answer ${what} in time.`);
}
