import type { Domain } from '../../../shared/model/domain.ts';
import { joulesFromMillijoules, msFromSeconds, ratioFromPercent, wattsFromMilliwatts } from '../../../shared/units.ts';
import type { MeanPower } from '../../energy/mean-power.ts';
import {
  instantPowerTimingOf,
  nvidiaCounterError,
  nvidiaPartTimeError,
  nvidiaPowerError,
  throttleReasonsOf,
} from '../nvidia/nvidia-facts.ts';
import { type SensorError, type SourceContext, type SourceReading, unknownValues } from '../source.ts';
import type { Asker, Timed } from './ask.ts';
import { createCounterReader } from './counter-reader.ts';
import { type Device, fieldQueriesOf, type PowerLook, powerLookOf } from './device.ts';
import { createHealthWatch } from './device-health.ts';
import { createDeviceDomains, type SplitFacts } from './domains.ts';
import { createFastPower } from './fast-power.ts';
import { createHeldBackTally } from './held-back.ts';
import { type NvmlLibrary, nvmlCodes, valueOrNull } from './nvml-api.ts';
import { createProcessList } from './process-list.ts';

/** A device's round: its readings, or the code of the driver that came instead. */
export type DeviceRound =
  | { readonly kind: 'readings'; readonly readings: readonly SourceReading[]; readonly isIdle: boolean }
  | { readonly kind: 'code'; readonly code: number; readonly atMs: number };

export interface DeviceReader {
  readonly device: Device;
  domains(): readonly Domain[];
  read(round: { readonly isEdge: boolean; readonly signal: AbortSignal }): Promise<DeviceRound>;
  /** NVML was started anew and the device has a new handle. */
  renew(): void;
  /** No call is made of its own accord from here on. */
  rest(): void;
  close(): Promise<void>;
}

/** Values that seldom change are asked this often. */
const slowRoundMs = 10_000;
/** No sensor is asked more often than this between readings, however fast it is. */
const leastSpacingMs = 25;

interface SlowFacts extends SplitFacts {
  readonly limitWatts: number | null;
}

export function createDeviceReader(
  library: NvmlLibrary,
  device: Device,
  parts: { readonly asker: Asker; readonly context: SourceContext },
): DeviceReader {
  const { asker, context } = parts;
  const { clock } = context;
  const { ways } = device;
  const timing = instantPowerTimingOf(device);
  const queries = fieldQueriesOf(ways);
  const needsUsage = ways.hasUsage && !ways.hasAverageField && (ways.usageWindowSeconds > 0 || !ways.hasInstantField);
  const domains = createDeviceDomains(device);
  const counter = createCounterReader(library, device, { asker, clock });
  const processes = createProcessList(library, asker, clock);
  const health = createHealthWatch(library, clock);
  const heldBack = createHeldBackTally();
  let slowFacts: SlowFacts = { limitWatts: null, isMig: false, isWddm: false };
  let slowAtMs = Number.NEGATIVE_INFINITY;
  let hasViolations = !ways.hasPolicyFields;

  const hasPower = ways.hasAverageField || ways.hasInstantField || ways.hasUsage;
  const sensorWindowSeconds = ways.hasAverageField ? 1 : ways.usageWindowSeconds || timing.windowSeconds;
  const fastPower = createFastPower({
    clock,
    spacingMs: ways.hasAverageField || ways.usageWindowSeconds > 0 ? 500 : Math.max(timing.updateMs, leastSpacingMs),
    sensorWindowSeconds,
    readWatts: async () => (await readPower('later')).value?.powerWatts ?? null,
  });

  /** Power by all ways of the device; `value` is null, with the code, where none answered. */
  async function readPower(
    how: 'asked' | 'later',
  ): Promise<{ readonly value: PowerLook | null; readonly code: number | null; readonly atMs: number }> {
    const { handle } = device;
    const timed = async <T>(work: Promise<Timed<T>['result']>): Promise<Timed<T>> => {
      const startedMs = clock.monotonicMs();
      const result = await work;
      return { result, atMs: (startedMs + clock.monotonicMs()) / 2 };
    };
    const isLater = how === 'later';
    const fields =
      queries.length === 0
        ? null
        : isLater
          ? await timed(library.fields.later(handle, queries))
          : await asker.askTimed(library.fields, handle, queries);
    const usage =
      !needsUsage && fields?.result.kind === 'value'
        ? null
        : isLater
          ? await timed(library.powerUsageMilliwatts.later(handle))
          : await asker.askTimed(library.powerUsageMilliwatts, handle);
    const atMs = usage?.atMs ?? fields?.atMs ?? clock.monotonicMs();
    const answers = fields === null ? null : valueOrNull(fields.result);
    const usageMilliwatts = usage === null ? null : valueOrNull(usage.result);
    if (answers !== null || usageMilliwatts !== null)
      return { value: powerLookOf(ways, queries, answers ?? [], usageMilliwatts), code: null, atMs };
    const codes = [fields, usage].map((asked) => (asked?.result.kind === 'code' ? asked.result.code : null));
    return { value: null, code: codes.find((code) => code !== null && code !== nvmlCodes.notSupported) ?? null, atMs };
  }

  async function readSlowFacts(): Promise<void> {
    const { handle } = device;
    slowAtMs = clock.monotonicMs();
    const limitMilliwatts = valueOrNull(await asker.ask(library.enforcedPowerLimitMilliwatts, handle));
    slowFacts = {
      limitWatts:
        limitMilliwatts === null || limitMilliwatts === 0 ? slowFacts.limitWatts : wattsFromMilliwatts(limitMilliwatts),
      isMig: valueOrNull(await asker.ask(library.isMigEnabled, handle)) ?? false,
      isWddm: process.platform === 'win32' && (valueOrNull(await asker.ask(library.isWddm, handle)) ?? false),
    };
  }

  async function readViolations(look: PowerLook): Promise<Pick<PowerLook, 'powerNanoseconds' | 'thermalNanoseconds'>> {
    if (!hasViolations) return look;
    const power = await asker.ask(library.violationNanoseconds, device.handle, 'power');
    const thermal = await asker.ask(library.violationNanoseconds, device.handle, 'thermal');
    if (power.kind === 'code' && power.code === nvmlCodes.notSupported) hasViolations = false;
    return { powerNanoseconds: valueOrNull(power), thermalNanoseconds: valueOrNull(thermal) };
  }

  /** What there is beside energy and power. At an edge nothing is asked that was not known. */
  async function readState(look: PowerLook | null, atMs: number): Promise<Partial<SourceReading>> {
    const { handle } = device;
    const reasonBits = valueOrNull(await asker.ask(library.clockEventReasons, handle));
    const memory = valueOrNull(await asker.ask(library.memoryBytes, handle));
    const utilization = slowFacts.isMig ? null : valueOrNull(await asker.ask(library.utilizationPercent, handle));
    const violations = look === null ? null : await readViolations(look);
    return {
      utilizationRatio: utilization === null ? null : ratioFromPercent(utilization),
      memoryUsedBytes: memory?.used ?? null,
      memoryTotalBytes: memory?.total ?? device.memoryTotalBytes,
      temperatureCelsius: valueOrNull(await asker.ask(library.temperatureCelsius, handle)),
      clockMegahertz: valueOrNull(await asker.ask(library.clockMegahertz, handle, 'sm')),
      memoryClockMegahertz: valueOrNull(await asker.ask(library.clockMegahertz, handle, 'memory')),
      limitWatts: slowFacts.limitWatts,
      throttleReasons: throttleReasonsOf(reasonBits ?? 0),
      heldBackSeconds: heldBack.step({
        atMs,
        powerNanoseconds: violations?.powerNanoseconds ?? null,
        thermalNanoseconds: violations?.thermalNanoseconds ?? null,
        reasonBits,
      }),
      health: health.latest(handle),
    };
  }

  const errorOf = (windowSeconds: number): SensorError =>
    windowSeconds > 0 || msFromSeconds(timing.windowSeconds) >= timing.updateMs
      ? nvidiaPowerError
      : nvidiaPartTimeError;

  return {
    device,
    domains: () => domains.all({ isCounterUsed: counter.isUsable(), ...slowFacts }),
    async read({ isEdge, signal }) {
      const looked = await counter.read({ isEdge, signal });
      if (looked?.kind === 'code') return { kind: 'code', code: looked.code, atMs: looked.atMs };
      const power = await readPower('asked');
      if (power.code !== null && hasPower) return { kind: 'code', code: power.code, atMs: power.atMs };
      const counted = counter.observe(looked, power.value?.powerWatts ?? null);
      const isSlowDue = clock.monotonicMs() - slowAtMs >= slowRoundMs;
      if (isSlowDue && (!isEdge || slowAtMs === Number.NEGATIVE_INFINITY)) await readSlowFacts();
      const known = isEdge ? processes.latest() : null;
      const listed = slowFacts.isWddm ? null : (known ?? (await processes.read(device.handle)));
      const state = await readState(power.value, power.atMs);
      const gpuCounter = device.isModule ? null : counted;
      fastPower.setWanted(hasPower && gpuCounter === null && sensorWindowSeconds < context.periodSeconds());
      const watts = power.value?.powerWatts ?? null;
      const mean = watts === null ? null : fastPower.take({ atMs: power.atMs, watts });
      const [gpuDomain, moduleDomain] = domains.all({ isCounterUsed: counter.isUsable(), ...slowFacts });
      const readings: SourceReading[] = [];
      if (gpuDomain !== undefined)
        readings.push({
          domain: gpuDomain,
          ...unknownValues,
          ...state,
          ...powerValues(power.value, mean),
          atMs: gpuCounter?.atMs ?? power.atMs,
          error: gpuCounter === null ? errorOf(power.value?.windowSeconds ?? 0) : nvidiaCounterError,
          ...counterValues(gpuCounter),
          processes: listed?.processes ?? null,
          processesAtMs: listed?.askedAtMs ?? null,
        });
      if (moduleDomain !== undefined)
        readings.push({
          domain: moduleDomain,
          ...unknownValues,
          atMs: counted?.atMs ?? power.atMs,
          error: counted === null ? errorOf(power.value?.moduleWindowSeconds ?? 0) : nvidiaCounterError,
          powerWatts: power.value?.moduleWatts ?? null,
          powerWindowSeconds: power.value?.moduleWindowSeconds ?? 0,
          ...counterValues(counted),
        });
      const isIdle = listed !== null && listed.processes.length === 0 && (state.utilizationRatio ?? 0) === 0;
      return { kind: 'readings', readings, isIdle };
    },
    renew() {
      counter.renew();
      health.forget();
      slowAtMs = Number.NEGATIVE_INFINITY;
    },
    rest() {
      fastPower.close();
      health.forget();
    },
    async close() {
      fastPower.close();
      counter.close();
      await health.close();
    },
  };
}

/** With samples between the readings, their mean; else the sensor's own word. */
function powerValues(look: PowerLook | null, mean: MeanPower | null): Partial<SourceReading> {
  if (look === null || look.powerWatts === null) return {};
  if (mean === null)
    return { powerWatts: look.powerWatts, powerWindowSeconds: look.windowSeconds, instantWatts: look.instantWatts };
  return {
    powerWatts: mean.watts,
    powerWindowSeconds: mean.windowSeconds,
    powerStandardErrorWatts: mean.standardErrorWatts,
    instantWatts: look.instantWatts ?? look.powerWatts,
  };
}

const counterValues = (
  counted: { readonly millijoules: number; readonly lagSeconds: number } | null,
): Partial<SourceReading> =>
  counted === null
    ? {}
    : { counterJoules: joulesFromMillijoules(counted.millijoules), counterLagSeconds: counted.lagSeconds };
