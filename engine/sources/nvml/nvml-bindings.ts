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
  encodeMemoryV2,
  fieldBytes,
  memoryBytes,
  memoryV2Bytes,
  mostProcesses,
  parseFields,
  parseMemory,
  parseMemoryV2,
  parseProcesses,
  parseProcessUtilization,
  processInfoBytes,
  processInfoV1Bytes,
  processUtilizationBytes,
  readUint32,
  readUint64,
  textUntilNul,
} from './nvml-structs.ts';

type RoomOf = (byteCount: number) => Room;

const textBytes = 96;

/** What the getters are made of: `before` are the arguments between the device and the pointer that is filled. */
function createShapes(native: LibraryHandle) {
  const call = (names: string | readonly string[], parameters: string): NativeCall =>
    declare(native, typeof names === 'string' ? [names] : names, parameters);
  return {
    call,
    command: (names: readonly string[]): Getter<[], null> =>
      getter(call(names, ''), () => ({ argsOf: () => [], take: () => null })),
    deviceText: (name: string): Getter<[device: Handle], string> =>
      getter(call(name, 'void *device, void *text, uint length'), (room) => {
        const { bytes } = room(textBytes);
        return { argsOf: (device) => [device, bytes, textBytes], take: () => textUntilNul(bytes) };
      }),
    deviceUint: (names: string | readonly string[]): Getter<[device: Handle], number> =>
      getter(call(names, 'void *device, void *out'), (room) => {
        const { bytes, view } = room(4);
        return { argsOf: (device) => [device, bytes], take: () => readUint32(view) };
      }),
    deviceUint64: (names: string | readonly string[]): Getter<[device: Handle], number> =>
      getter(call(names, 'void *device, void *out'), (room) => {
        const { bytes, view } = room(8);
        return { argsOf: (device) => [device, bytes], take: () => readUint64(view) };
      }),
    /** Of two numbers (current and pending) the first. */
    deviceMode: (name: string, isMode: (mode: number) => boolean): Getter<[device: Handle], boolean> =>
      getter(call(name, 'void *device, void *current, void *pending'), (room) => {
        const [current, pending] = [room(4), room(4)];
        return {
          argsOf: (device) => [device, current.bytes, pending.bytes],
          take: () => isMode(readUint32(current.view)),
        };
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
      const { bytes } = room(textBytes);
      return { argsOf: () => [bytes, textBytes], take: () => textUntilNul(bytes) };
    }),
    cudaDriverVersion: getter(
      call(['nvmlSystemGetCudaDriverVersion_v2', 'nvmlSystemGetCudaDriverVersion'], 'void *version'),
      (room) => {
        const { bytes, view } = room(4);
        return { argsOf: () => [bytes], take: () => view.getInt32(0, true) };
      },
    ),
    deviceCount: getter(call(['nvmlDeviceGetCount_v2', 'nvmlDeviceGetCount'], 'void *count'), (room) => {
      const { bytes, view } = room(4);
      return { argsOf: () => [bytes], take: () => readUint32(view) };
    }),
    handleByIndex: getter(
      call(['nvmlDeviceGetHandleByIndex_v2', 'nvmlDeviceGetHandleByIndex'], 'uint index, void *device'),
      handleOut<[index: number]>,
    ),
    handleByUuid: getter(
      call('nvmlDeviceGetHandleByUUID', 'const char *uuid, void *device'),
      handleOut<[uuid: string]>,
    ),
    uuid: deviceText('nvmlDeviceGetUUID'),
    name: deviceText('nvmlDeviceGetName'),
    architecture: deviceUint('nvmlDeviceGetArchitecture'),
  };
}

function handleOut<A extends readonly unknown[]>(room: RoomOf): Prepared<A, Handle> {
  const { bytes, view } = room(8);
  return { argsOf: (...before) => [...before, bytes], take: () => view.getBigUint64(0, true) };
}

/** More than are asked at a time. */
const mostFields = 16;

function bindPower({ call, deviceUint, deviceUint64 }: Shapes) {
  const fields = getter(
    call('nvmlDeviceGetFieldValues', 'void *device, int count, void *values'),
    (room): Prepared<[device: Handle, queries: readonly FieldQuery[]], readonly NvmlResult<number>[]> => {
      const { bytes, view } = room(mostFields * fieldBytes);
      let count = 0;
      return {
        argsOf(device, queries) {
          count = queries.length;
          encodeFieldQueries(view, queries);
          return [device, count, bytes];
        },
        take: () => parseFields(view, count),
      };
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
      (room): Prepared<[device: Handle, policy: 'power' | 'thermal'], number> => {
        // nvmlViolationTime_t: referenceTime (µs), violationTime (ns), u64 each.
        const { bytes, view } = room(16);
        return {
          argsOf: (device, policy) => [device, policy === 'power' ? 0 : 1, bytes],
          take: () => readUint64(view, 8),
        };
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
      (room): Prepared<[device: Handle], number> => {
        // nvmlUtilization_t: gpu, memory, u32 each.
        const { bytes, view } = room(8);
        return { argsOf: (device) => [device, bytes], take: () => readUint32(view) };
      },
    ),
    memoryBytes: either(
      getter(
        call('nvmlDeviceGetMemoryInfo_v2', 'void *device, void *out'),
        (room): Prepared<[device: Handle], ReturnType<typeof parseMemoryV2>> => {
          const { bytes, view } = room(memoryV2Bytes);
          return {
            argsOf(device) {
              encodeMemoryV2(view);
              return [device, bytes];
            },
            take: () => parseMemoryV2(view),
          };
        },
      ),
      getter(call('nvmlDeviceGetMemoryInfo', 'void *device, void *out'), (room) => {
        const { bytes, view } = room(memoryBytes);
        return { argsOf: (device) => [device, bytes], take: () => parseMemory(view) };
      }),
    ),
    temperatureCelsius: getter(
      call('nvmlDeviceGetTemperature', 'void *device, int sensor, void *out'),
      (room): Prepared<[device: Handle], number> => {
        const { bytes, view } = room(4);
        return { argsOf: (device) => [device, 0, bytes], take: () => readUint32(view) };
      },
    ),
    clockMegahertz: getter(
      call('nvmlDeviceGetClockInfo', 'void *device, int clock, void *out'),
      (room): Prepared<[device: Handle, clock: 'sm' | 'memory'], number> => {
        const { bytes, view } = room(4);
        return { argsOf: (device, clock) => [device, clocks[clock], bytes], take: () => readUint32(view) };
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
    // _v2 and _v3 share a layout, but not in early drivers of the 535 series: theirs of _v3 has 8 bytes more. The first version lacks the MIG ids.
    computeProcesses: either(
      processesBy(
        call(
          ['nvmlDeviceGetComputeRunningProcesses_v2', 'nvmlDeviceGetComputeRunningProcesses_v3'],
          processesParameters,
        ),
        processInfoBytes,
      ),
      processesBy(call('nvmlDeviceGetComputeRunningProcesses', processesParameters), processInfoV1Bytes),
    ),
    processUtilization: getter(
      call('nvmlDeviceGetProcessUtilization', 'void *device, void *samples, void *count, uint64_t since'),
      (room): Prepared<[device: Handle, sinceMicroseconds: number], ReturnType<typeof parseProcessUtilization>> => {
        const { count, items } = listOut(room, processUtilizationBytes);
        return {
          argsOf(device, sinceMicroseconds) {
            count.view.setUint32(0, mostProcesses, true);
            return [device, items.bytes, count.bytes, BigInt(Math.trunc(sinceMicroseconds))];
          },
          take: () => parseProcessUtilization(items.view, readUint32(count.view)),
        };
      },
    ),
  };
}

const processesParameters = 'void *device, void *count, void *infos';

const processesBy = (call: NativeCall, itemBytes: number): NvmlLibrary['computeProcesses'] =>
  getter(call, (room) => {
    const { count, items } = listOut(room, itemBytes);
    return {
      argsOf(device) {
        count.view.setUint32(0, mostProcesses, true);
        return [device, count.bytes, items.bytes];
      },
      take: () => parseProcesses(items.view, readUint32(count.view), itemBytes),
    };
  });

const listOut = (room: RoomOf, itemBytes: number): { readonly count: Room; readonly items: Room } => ({
  count: room(4),
  items: room(mostProcesses * itemBytes),
});

/** nvmlEventTypeXidCriticalError. */
const xidEvents = 8n;

function bindHealth({ call }: Shapes) {
  return {
    eccErrors: getter(
      call('nvmlDeviceGetTotalEccErrors', 'void *device, int kind, int counter, void *out'),
      (room): Prepared<[device: Handle, kind: 'corrected' | 'uncorrected'], number> => {
        // Counter 0 is the volatile one: since the driver was loaded.
        const { bytes, view } = room(8);
        return {
          argsOf: (device, kind) => [device, kind === 'corrected' ? 0 : 1, 0, bytes],
          take: () => readUint64(view),
        };
      },
    ),
    remappedRows: getter(
      call('nvmlDeviceGetRemappedRows', 'void *device, void *c, void *u, void *isPending, void *hasFailed'),
      (
        room,
      ): Prepared<
        [device: Handle],
        { readonly count: number; readonly isPending: boolean; readonly hasFailed: boolean }
      > => {
        const [corrected, uncorrected, isPending, hasFailed] = [room(4), room(4), room(4), room(4)];
        return {
          argsOf: (device) => [device, corrected.bytes, uncorrected.bytes, isPending.bytes, hasFailed.bytes],
          take: () => ({
            count: readUint32(corrected.view) + readUint32(uncorrected.view),
            isPending: readUint32(isPending.view) !== 0,
            hasFailed: readUint32(hasFailed.view) !== 0,
          }),
        };
      },
    ),
    eventSetCreate: getter(call('nvmlEventSetCreate', 'void *set'), handleOut<[]>),
    eventSetFree: getter(
      call('nvmlEventSetFree', 'void *set'),
      (): Prepared<[set: Handle], null> => ({ argsOf: (set) => [set], take: () => null }),
    ),
    registerXidEvents: getter(
      call('nvmlDeviceRegisterEvents', 'void *device, uint64_t types, void *set'),
      (): Prepared<[device: Handle, set: Handle], null> => ({
        argsOf: (device, set) => [device, xidEvents, set],
        take: () => null,
      }),
    ),
    nextXid: getter(
      call(['nvmlEventSetWait_v2', 'nvmlEventSetWait'], 'void *set, void *data, uint timeout'),
      (room): Prepared<[set: Handle], number> => {
        // nvmlEventData_t: device pointer, eventType u64, eventData u64 (the XID), two MIG ids u32.
        const { bytes, view } = room(32);
        return { argsOf: (set) => [set, bytes, 0], take: () => readUint64(view, 16) };
      },
    ),
  };
}
