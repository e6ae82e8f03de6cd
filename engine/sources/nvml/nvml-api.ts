/** Return codes of nvml.h (nvmlReturn_enum) that mean something to us. */
export const nvmlCodes = {
  success: 0,
  uninitialized: 1,
  invalidArgument: 2,
  notSupported: 3,
  noPermission: 4,
  notFound: 6,
  insufficientSize: 7,
  driverNotLoaded: 9,
  timeout: 10,
  gpuIsLost: 15,
  resetRequired: 16,
} as const;

/** NOT_SUPPORTED, FUNCTION_NOT_FOUND, DEPRECATED and ARGUMENT_VERSION_MISMATCH. */
const noAnswerCodes: ReadonlySet<number> = new Set([nvmlCodes.notSupported, 13, 25, 26]);

/** This function will never answer; another may. */
export const isNoAnswer = (code: number): boolean => noAnswerCodes.has(code);

/** Nor will it tell us, however often it is asked. */
export const isForGood = (code: number): boolean => isNoAnswer(code) || code === nvmlCodes.noPermission;

/** Address of NVML's own record of a device; good until nvmlShutdown. */
export type Handle = bigint;

/** A call's value, or the NVML code that came in its place. A symbol the driver does not have answers like NOT_SUPPORTED. */
export type NvmlResult<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'code'; readonly code: number };

/** One function of the library, in the two ways it can be called. */
export interface Getter<A extends readonly unknown[], T> {
  readonly isPresent: boolean;
  /** On the calling thread: for a driver that answered a moment ago. Takes as long as the driver does. */
  now(...args: A): NvmlResult<T>;
  /** On a pool thread: a hung driver keeps that thread, never this one. */
  later(...args: A): Promise<NvmlResult<T>>;
}

export interface NvmlProcess {
  readonly pid: number;
  readonly usedGpuMemoryBytes: number | null;
}

export interface NvmlProcessUtilization {
  readonly pid: number;
  readonly timeStampMicroseconds: number;
  readonly smPercent: number;
}

export interface FieldQuery {
  readonly fieldId: number;
  readonly scopeId: number;
}

/** Field ids of nvml.h that hold the same meaning in every driver. 74 and 75 carry nanoseconds. */
export const fieldIds = {
  perfPolicyPower: 74,
  perfPolicyThermal: 75,
  totalEnergy: 83,
  powerAverage: 185,
  powerInstant: 186,
} as const;

/** Scope of the power fields. */
export const powerScopes = { gpu: 0, module: 1 } as const;

/** The functions of libnvidia-ml that are used. Values are raw: their units are in their names. */
export interface NvmlLibrary {
  readonly path: string;
  readonly init: Getter<[], null>;
  readonly shutdown: Getter<[], null>;
  readonly driverVersion: Getter<[], string>;
  /** 1000 × major + 10 × minor: 13000 is CUDA 13.0. */
  readonly cudaDriverVersion: Getter<[], number>;
  readonly deviceCount: Getter<[], number>;
  readonly handleByIndex: Getter<[index: number], Handle>;
  readonly handleByUuid: Getter<[uuid: string], Handle>;
  readonly uuid: Getter<[device: Handle], string>;
  readonly name: Getter<[device: Handle], string>;
  readonly architecture: Getter<[device: Handle], number>;
  readonly powerUsageMilliwatts: Getter<[device: Handle], number>;
  readonly totalEnergyMillijoules: Getter<[device: Handle], number>;
  /** One result for each query, in its order. */
  readonly fields: Getter<[device: Handle, queries: readonly FieldQuery[]], readonly NvmlResult<number>[]>;
  readonly enforcedPowerLimitMilliwatts: Getter<[device: Handle], number>;
  readonly utilizationPercent: Getter<[device: Handle], number>;
  readonly memoryBytes: Getter<[device: Handle], { readonly total: number; readonly used: number }>;
  readonly temperatureCelsius: Getter<[device: Handle], number>;
  readonly clockMegahertz: Getter<[device: Handle, clock: 'sm' | 'memory'], number>;
  readonly clockEventReasons: Getter<[device: Handle], number>;
  readonly violationNanoseconds: Getter<[device: Handle, policy: 'power' | 'thermal'], number>;
  readonly computeProcesses: Getter<[device: Handle], readonly NvmlProcess[]>;
  readonly processUtilization: Getter<[device: Handle, sinceMicroseconds: number], readonly NvmlProcessUtilization[]>;
  readonly isMigEnabled: Getter<[device: Handle], boolean>;
  readonly isWddm: Getter<[device: Handle], boolean>;
  readonly eccErrors: Getter<[device: Handle, kind: 'corrected' | 'uncorrected'], number>;
  readonly remappedRows: Getter<
    [device: Handle],
    { readonly count: number; readonly isPending: boolean; readonly hasFailed: boolean }
  >;
  readonly eventSetCreate: Getter<[], Handle>;
  readonly eventSetFree: Getter<[set: Handle], null>;
  readonly registerXidEvents: Getter<[device: Handle, set: Handle], null>;
  /** The next XID that waits in the set, without waiting for one: else the code TIMEOUT. */
  readonly nextXid: Getter<[set: Handle], number>;
}

export const valueOrNull = <T>(result: NvmlResult<T> | undefined): T | null =>
  result?.kind === 'value' ? result.value : null;

/** Words for the codes people meet; the rest by number (nvml.h, nvmlReturn_enum). */
export function nvmlCodeText(code: number): string {
  const texts: Readonly<Record<number, string>> = {
    1: 'NVML is not initialised: the driver was reloaded',
    3: 'not supported',
    4: 'no permission',
    9: 'the NVIDIA driver is not loaded',
    10: 'the driver did not answer in time',
    12: 'a library function is missing',
    15: 'the GPU is lost (fallen off the bus)',
    16: 'the GPU needs a reset',
    18: 'driver and library versions do not match: restart the machine',
    999: 'unknown error of the driver',
  };
  return texts[code] ?? `NVML error ${code}`;
}
