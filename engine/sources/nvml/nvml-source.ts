import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import { joulesFromMillijoules, ratioFromPercent, wattsFromMilliwatts } from '../../../shared/units.ts';
import { nvidiaPowerError, powerWindowSecondsOf, throttleReasonsOf } from '../nvidia/nvidia-facts.ts';
import {
  type GpuProcess,
  type ProbeResult,
  type Source,
  type SourceContext,
  type SourceDefinition,
  type SourceReading,
  unavailable,
  unknownValues,
} from '../source.ts';
import { withTimeout } from '../with-timeout.ts';
import {
  type Handle,
  loadNvml,
  type NvmlLibrary,
  type NvmlResult,
  nvmlCandidates,
  nvmlCodes,
  nvmlCodeText,
} from './nvml-library.ts';

const initTimeoutMs = 8000;
/** For this long, and two periods more, a driver that answered is taken to be alive. */
const trustMs = 500;

export const nvmlSource: SourceDefinition = {
  descriptor: {
    id: 'nvml',
    label: 'NVIDIA energy counter (NVML)',
    measures: 'NVIDIA GPUs: energy, power, use, memory, temperature, clocks, processes',
    provenance: 'counter',
    sameNumberCommand:
      'nvidia-smi --query-gpu=index,power.draw,utilization.gpu,memory.used,temperature.gpu --format=csv',
  },
  probe,
};

interface Device {
  readonly handle: Handle;
  readonly domain: Domain;
  readonly powerWindowSeconds: number;
  readonly hasCounter: boolean;
}

async function probe(context: SourceContext): Promise<ProbeResult> {
  const loaded = loadNvml(nvmlCandidates(context.environment));
  if ('reason' in loaded) return unavailable(loaded.reason);
  const { library } = loaded;
  try {
    const found = await withTimeout(findDevices(library), initTimeoutMs);
    if (found === 'timeout') return unavailable('The NVIDIA driver did not answer within 8 s.');
    if (typeof found === 'string') return unavailable(found);
    const covers = found.devices.length > 0 ? (['nvidia-gpu'] as const) : [];
    if (covers.length === 0) return unavailable('The NVIDIA driver is loaded, but it knows no GPU.');
    return {
      kind: 'available',
      covers,
      how: `${library.path}, driver ${found.driver}`,
      open: async () => createNvmlSource(library, found.devices, context),
    };
  } catch (error) {
    return unavailable(`NVML failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function findDevices(
  library: NvmlLibrary,
): Promise<{ readonly devices: readonly Device[]; readonly driver: string } | string> {
  const init = await library.init();
  if (init.kind === 'code') return `NVML does not start: ${nvmlCodeText(init.code)}.`;
  const driver = valueOr(await library.driverVersion(), 'unknown');
  const count = valueOr(await library.deviceCount(), 0);
  const devices: Device[] = [];
  for (let index = 0; index < count; index++) {
    const device = await openDevice(library, index);
    if (device !== null) devices.push(device);
  }
  return { devices, driver };
}

async function openDevice(library: NvmlLibrary, index: number): Promise<Device | null> {
  const handle = await library.deviceHandle(index);
  if (handle.kind === 'code') return null;
  const uuid = valueOr(await library.uuid(handle.value), `index-${index}`);
  const name = valueOr(await library.name(handle.value), 'NVIDIA GPU');
  const limitMilliwatts = valueOrNull(await library.enforcedPowerLimitMilliwatts(handle.value));
  const memory = valueOrNull(await library.memoryBytes(handle.value));
  const hasCounter = (await library.totalEnergyMillijoules(handle.value)).kind === 'value';
  const architecture = valueOrNull(await library.architecture(handle.value));
  return {
    handle: handle.value,
    hasCounter,
    powerWindowSeconds: powerWindowSecondsOf({ name, architecture }),
    domain: {
      ...domainDefaults,
      id: `gpu:${uuid}`,
      kind: 'gpu',
      name,
      label: `GPU ${index}`,
      index,
      limitWatts: limitMilliwatts === null || limitMilliwatts === 0 ? null : wattsFromMilliwatts(limitMilliwatts),
      memoryTotalBytes: memory?.total ?? null,
      source: 'nvml',
      provenance: hasCounter ? 'counter' : 'sensor',
      isSimulated: false,
    },
  };
}

const valueOrNull = <T>(result: NvmlResult<T>): T | null => (result.kind === 'value' ? result.value : null);
const valueOr = <T>(result: NvmlResult<T>, fallback: T): T => (result.kind === 'value' ? result.value : fallback);

function createNvmlSource(library: NvmlLibrary, devices: readonly Device[], context: SourceContext): Source {
  const readings = devices.map((device) => createDeviceReader(library, device, context));
  return {
    domains: () => devices.map((device) => device.domain),
    read: () => Promise.all(readings.map((read) => read())),
    async close() {
      await withTimeout(library.shutdown(), 1000);
    },
  };
}

function createDeviceReader(
  library: NvmlLibrary,
  device: Device,
  context: SourceContext,
): () => Promise<SourceReading> {
  const { handle, domain } = device;
  let utilizationSeenMicroseconds = 0;

  async function readProcesses(): Promise<readonly GpuProcess[] | null> {
    const listed = valueOrNull(await library.computeProcesses(handle));
    if (listed === null) return null;
    if (listed.length === 0) return [];
    const samples = valueOrNull(await library.processUtilization(handle, utilizationSeenMicroseconds)) ?? [];
    utilizationSeenMicroseconds = samples.reduce(
      (latest, sample) => Math.max(latest, sample.timeStampMicroseconds),
      utilizationSeenMicroseconds,
    );
    return listed.map((process) => {
      const sample = samples.findLast((one) => one.pid === process.pid);
      return {
        pid: process.pid,
        name: null,
        memoryUsedBytes: process.usedGpuMemoryBytes,
        smRatio: sample === undefined ? null : ratioFromPercent(sample.smPercent),
      };
    });
  }

  let answeredAtMs = Number.NEGATIVE_INFINITY;

  /** Energy and its moment, between two looks at the clock. A driver that did not answer lately is asked off this thread first, for it may hang. */
  async function readEnergy(): Promise<{ readonly energy: NvmlResult<number> | null; readonly atMs: number }> {
    const startedMs = context.clock.monotonicMs();
    if (!device.hasCounter) return { energy: null, atMs: startedMs };
    if (startedMs - answeredAtMs > trustMs + 2000 * context.periodSeconds()) {
      const asked = await library.totalEnergyMillijoules(handle);
      if (asked.kind === 'code') return { energy: asked, atMs: context.clock.monotonicMs() };
    }
    const beforeMs = context.clock.monotonicMs();
    const energy = library.totalEnergyMillijoulesNow(handle);
    return { energy, atMs: (beforeMs + context.clock.monotonicMs()) / 2 };
  }

  return async () => {
    const { energy, atMs } = await readEnergy();
    const power = await library.powerUsageMilliwatts(handle);
    if (power.kind === 'value') answeredAtMs = context.clock.monotonicMs();
    const failure =
      energy?.kind === 'code'
        ? energy.code
        : power.kind === 'code' && power.code !== nvmlCodes.notSupported
          ? power.code
          : null;
    if (failure !== null && (failure !== nvmlCodes.notSupported || power.kind === 'code'))
      return missingReading(domain, atMs, failure);
    const [utilization, memory, temperature, clock, memoryClock, limit, reasons, processes] = await Promise.all([
      library.utilizationPercent(handle),
      library.memoryBytes(handle),
      library.temperatureCelsius(handle),
      library.clockMegahertz(handle, 'sm'),
      library.clockMegahertz(handle, 'memory'),
      library.enforcedPowerLimitMilliwatts(handle),
      library.clockEventReasons(handle),
      readProcesses(),
    ]);
    const utilizationPercent = valueOrNull(utilization);
    const memoryBytes = valueOrNull(memory);
    const limitMilliwatts = valueOrNull(limit);
    const powerMilliwatts = valueOrNull(power);
    const energyMillijoules = energy === null ? null : valueOrNull(energy);
    return {
      domain,
      ...unknownValues,
      atMs,
      error: nvidiaPowerError,
      powerWatts: powerMilliwatts === null ? null : wattsFromMilliwatts(powerMilliwatts),
      powerWindowSeconds: device.powerWindowSeconds,
      counterJoules: energyMillijoules === null ? null : joulesFromMillijoules(energyMillijoules),
      utilizationRatio: utilizationPercent === null ? null : ratioFromPercent(utilizationPercent.gpu),
      memoryUsedBytes: memoryBytes?.used ?? null,
      memoryTotalBytes: memoryBytes?.total ?? domain.memoryTotalBytes,
      temperatureCelsius: valueOrNull(temperature),
      clockMegahertz: valueOrNull(clock),
      memoryClockMegahertz: valueOrNull(memoryClock),
      limitWatts:
        limitMilliwatts === null || limitMilliwatts === 0 ? domain.limitWatts : wattsFromMilliwatts(limitMilliwatts),
      throttleReasons: throttleReasonsOf(valueOrNull(reasons) ?? 0),
      processes,
      processesAtMs: processes === null ? null : context.clock.monotonicMs(),
    };
  };
}

function missingReading(domain: Domain, atMs: number, code: number): SourceReading {
  const isLost = code === nvmlCodes.gpuIsLost || code === nvmlCodes.resetRequired;
  return {
    domain,
    ...unknownValues,
    atMs,
    error: nvidiaPowerError,
    missing: { reason: isLost ? 'lost' : 'failed', note: `NVML: ${nvmlCodeText(code)}.` },
  };
}
