import type { LibraryHandle } from 'koffi';
import { declare, either, getter, type NativeCall, type Prepared, type Room } from './native-calls.ts';
import {
  type FieldQuery,
  fieldIds,
  type Getter,
  type Handle,
  type NvmlLibrary,
  type NvmlResult,
  nvmlCodes,
} from './nvml-api.ts';
import {
  encodeFieldQueries,
  mostProcesses,
  parseFields,
  parseMemory,
  parseMemoryV2,
  parseProcesses,
  parseProcessUtilization,
  processInfoBytes,
  processInfoV1Bytes,
  processUtilizationBytes,
  textUntilNul,
} from './nvml-structs.ts';

const textBytes = 96;

/** What the getters are made of: `before` are the arguments between the device and the pointer that is filled. */
function createShapes(native: LibraryHandle) {
  const call = (names: string | readonly string[], parameters: string): NativeCall =>
    declare(native, typeof names === 'string' ? [names] : names, parameters);
  return {
    call,
    command: (names: readonly string[]): Getter<[], null> =>
      getter(call(names, ''), () => ({ args: [], take: () => null })),
    deviceText: (name: string): Getter<[device: Handle], string> =>
      getter(call(name, 'void *device, void *text, uint length'), (room, device) => {
        const out = room(textBytes);
        return { args: [device, out, textBytes], take: () => textUntilNul(out) };
      }),
    deviceUint: (names: string | readonly string[]): Getter<[device: Handle], number> =>
      getter(call(names, 'void *device, void *out'), (room, device) => {
        const out = room(4);
        return { args: [device, out], take: () => out.readUInt32LE() };
      }),
    deviceUint64: (names: string | readonly string[]): Getter<[device: Handle], number> =>
      getter(call(names, 'void *device, void *out'), (room, device) => {
        const out = room(8);
        return { args: [device, out], take: () => Number(out.readBigUInt64LE()) };
      }),
    /** Of two numbers (current and pending) the first. */
    deviceMode: (name: string, isMode: (mode: number) => boolean): Getter<[device: Handle], boolean> =>
      getter(call(name, 'void *device, void *current, void *pending'), (room, device) => {
        const out = room(4);
        return { args: [device, out, room(4)], take: () => isMode(out.readUInt32LE()) };
      }),
  };
}

type Shapes = ReturnType<typeof createShapes>;

/** Declares every function that is used; each may be missing. */
export function bindNvml(native: LibraryHandle, path: string): NvmlLibrary {
  const shapes = createShapes(native);
  return {
    path,
    ...bindSystem(shapes),
    ...bindPower(shapes),
    ...bindState(shapes),
    ...bindProcesses(shapes),
    ...bindHealth(shapes),
  };
}

function bindSystem({ call, command, deviceText, deviceUint }: Shapes) {
  return {
    init: command(['nvmlInit_v2', 'nvmlInit']),
    shutdown: command(['nvmlShutdown']),
    driverVersion: getter(call('nvmlSystemGetDriverVersion', 'void *text, uint length'), (room) => {
      const out = room(textBytes);
      return { args: [out, textBytes], take: () => textUntilNul(out) };
    }),
    cudaDriverVersion: getter(
      call(['nvmlSystemGetCudaDriverVersion_v2', 'nvmlSystemGetCudaDriverVersion'], 'void *version'),
      (room) => {
        const out = room(4);
        return { args: [out], take: () => out.readInt32LE() };
      },
    ),
    deviceCount: getter(call(['nvmlDeviceGetCount_v2', 'nvmlDeviceGetCount'], 'void *count'), (room) => {
      const out = room(4);
      return { args: [out], take: () => out.readUInt32LE() };
    }),
    handleByIndex: getter(
      call(['nvmlDeviceGetHandleByIndex_v2', 'nvmlDeviceGetHandleByIndex'], 'uint index, void *device'),
      (room, index: number) => handleOut(room, [index]),
    ),
    handleByUuid: getter(call('nvmlDeviceGetHandleByUUID', 'const char *uuid, void *device'), (room, uuid: string) =>
      handleOut(room, [uuid]),
    ),
    uuid: deviceText('nvmlDeviceGetUUID'),
    name: deviceText('nvmlDeviceGetName'),
    architecture: deviceUint('nvmlDeviceGetArchitecture'),
  };
}

function handleOut(room: Room, before: readonly unknown[]): Prepared<Handle> {
  const out = room(8);
  return { args: [...before, out], take: () => out.readBigUInt64LE() };
}

function bindPower({ call, deviceUint, deviceUint64 }: Shapes) {
  const fields = getter(
    call('nvmlDeviceGetFieldValues', 'void *device, int count, void *values'),
    (room, device: Handle, queries: readonly FieldQuery[]) => {
      const values = encodeFieldQueries(room, queries);
      return { args: [device, queries.length, values], take: () => parseFields(values, queries.length) };
    },
  );
  return {
    fields,
    powerUsageMilliwatts: deviceUint('nvmlDeviceGetPowerUsage'),
    totalEnergyMillijoules: either(
      deviceUint64('nvmlDeviceGetTotalEnergyConsumption'),
      oneField(fields, { fieldId: fieldIds.totalEnergy, scopeId: 0 }),
    ),
    enforcedPowerLimitMilliwatts: deviceUint(['nvmlDeviceGetEnforcedPowerLimit', 'nvmlDeviceGetPowerManagementLimit']),
    violationNanoseconds: getter(
      call('nvmlDeviceGetViolationStatus', 'void *device, int policy, void *out'),
      (room, device: Handle, policy: 'power' | 'thermal') => {
        // nvmlViolationTime_t: referenceTime (µs), violationTime (ns), u64 each.
        const out = room(16);
        return { args: [device, policy === 'power' ? 0 : 1, out], take: () => Number(out.readBigUInt64LE(8)) };
      },
    ),
  };
}

/** A field as if it had a function of its own. */
function oneField(fields: NvmlLibrary['fields'], query: FieldQuery): Getter<[device: Handle], number> {
  const first = (result: NvmlResult<readonly NvmlResult<number>[]>): NvmlResult<number> =>
    result.kind === 'code' ? result : (result.value[0] ?? { kind: 'code', code: nvmlCodes.notSupported });
  return {
    isPresent: fields.isPresent,
    now: (device) => first(fields.now(device, [query])),
    later: async (device) => first(await fields.later(device, [query])),
  };
}

function bindState({ call, deviceUint64, deviceMode }: Shapes) {
  const clocks = { sm: 1, memory: 2 } as const;
  return {
    utilizationPercent: getter(
      call('nvmlDeviceGetUtilizationRates', 'void *device, void *out'),
      (room, device: Handle) => {
        // nvmlUtilization_t: gpu, memory, u32 each.
        const out = room(8);
        return { args: [device, out], take: () => out.readUInt32LE() };
      },
    ),
    memoryBytes: either(
      getter(call('nvmlDeviceGetMemoryInfo_v2', 'void *device, void *out'), (room, device: Handle) =>
        parseMemoryV2(room, device),
      ),
      getter(call('nvmlDeviceGetMemoryInfo', 'void *device, void *out'), (room, device: Handle) =>
        parseMemory(room, device),
      ),
    ),
    temperatureCelsius: getter(
      call('nvmlDeviceGetTemperature', 'void *device, int sensor, void *out'),
      (room, device: Handle) => {
        const out = room(4);
        return { args: [device, 0, out], take: () => out.readUInt32LE() };
      },
    ),
    clockMegahertz: getter(
      call('nvmlDeviceGetClockInfo', 'void *device, int clock, void *out'),
      (room, device: Handle, clock: 'sm' | 'memory') => {
        const out = room(4);
        return { args: [device, clocks[clock], out], take: () => out.readUInt32LE() };
      },
    ),
    clockEventReasons: deviceUint64([
      'nvmlDeviceGetCurrentClocksEventReasons',
      'nvmlDeviceGetCurrentClocksThrottleReasons',
    ]),
    isMigEnabled: deviceMode('nvmlDeviceGetMigMode', (mode) => mode === 1),
    isWddm: deviceMode('nvmlDeviceGetDriverModel', (mode) => mode === 0),
  };
}

function bindProcesses({ call }: Shapes) {
  return {
    // _v2 and _v3 share a layout; the first version lacks the MIG ids.
    computeProcesses: either(
      processesBy(
        call(
          ['nvmlDeviceGetComputeRunningProcesses_v3', 'nvmlDeviceGetComputeRunningProcesses_v2'],
          processesParameters,
        ),
        processInfoBytes,
      ),
      processesBy(call('nvmlDeviceGetComputeRunningProcesses', processesParameters), processInfoV1Bytes),
    ),
    processUtilization: getter(
      call('nvmlDeviceGetProcessUtilization', 'void *device, void *samples, void *count, uint64_t since'),
      (room, device: Handle, sinceMicroseconds: number) => {
        const { count, items } = listOut(room, processUtilizationBytes);
        return {
          args: [device, items, count, BigInt(Math.trunc(sinceMicroseconds))],
          take: () => parseProcessUtilization(items, count.readUInt32LE()),
        };
      },
    ),
  };
}

const processesParameters = 'void *device, void *count, void *infos';

const processesBy = (call: NativeCall, itemBytes: number): NvmlLibrary['computeProcesses'] =>
  getter(call, (room, device) => {
    const { count, items } = listOut(room, itemBytes);
    return { args: [device, count, items], take: () => parseProcesses(items, count.readUInt32LE(), itemBytes) };
  });

function listOut(room: Room, itemBytes: number): { readonly count: Buffer; readonly items: Buffer } {
  const count = room(4);
  count.writeUInt32LE(mostProcesses);
  return { count, items: room(mostProcesses * itemBytes) };
}

/** nvmlEventTypeXidCriticalError. */
const xidEvents = 8n;

function bindHealth({ call }: Shapes) {
  return {
    eccErrors: getter(
      call('nvmlDeviceGetTotalEccErrors', 'void *device, int kind, int counter, void *out'),
      (room, device: Handle, kind: 'corrected' | 'uncorrected') => {
        // Counter 0 is the volatile one: since the driver was loaded.
        const out = room(8);
        return { args: [device, kind === 'corrected' ? 0 : 1, 0, out], take: () => Number(out.readBigUInt64LE()) };
      },
    ),
    remappedRows: getter(
      call('nvmlDeviceGetRemappedRows', 'void *device, void *c, void *u, void *isPending, void *hasFailed'),
      (room, device: Handle) => {
        const out = [0, 1, 2, 3].map(() => room(4));
        const at = (index: number): number => out[index]?.readUInt32LE() ?? 0;
        return {
          args: [device, ...out],
          take: () => ({ count: at(0) + at(1), isPending: at(2) !== 0, hasFailed: at(3) !== 0 }),
        };
      },
    ),
    eventSetCreate: getter(call('nvmlEventSetCreate', 'void *set'), (room) => handleOut(room, [])),
    eventSetFree: getter(call('nvmlEventSetFree', 'void *set'), (_, set: Handle) => ({
      args: [set],
      take: () => null,
    })),
    registerXidEvents: getter(
      call('nvmlDeviceRegisterEvents', 'void *device, uint64_t types, void *set'),
      (_, device: Handle, set: Handle) => ({ args: [device, xidEvents, set], take: () => null }),
    ),
    nextXid: getter(
      call(['nvmlEventSetWait_v2', 'nvmlEventSetWait'], 'void *set, void *data, uint timeout'),
      (room, set: Handle) => {
        // nvmlEventData_t: device pointer, eventType u64, eventData u64 (the XID), two MIG ids u32.
        const out = room(32);
        return { args: [set, out, 0], take: () => Number(out.readBigUInt64LE(16)) };
      },
    ),
  };
}
