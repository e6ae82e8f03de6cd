import { ratioFromPercent, wattsFromMilliwatts } from '../../../shared/units.ts';
import type { Clock } from '../../clock/clock.ts';
import { throttleReasonsOf } from '../nvidia/nvidia-facts.ts';
import type { SourceReading } from '../source.ts';
import type { Asker } from './ask.ts';
import type { Device } from './device.ts';
import { createHealthWatch } from './device-health.ts';
import type { SplitFacts } from './domains.ts';
import { createHeldBackTally } from './held-back.ts';
import { type NvmlLibrary, nvmlCodes, valueOrNull } from './nvml-api.ts';

/** What seldom changes. */
export interface SlowFacts extends SplitFacts {
  readonly limitWatts: number | null;
}

type PolicyTimes = { readonly powerNanoseconds: number | null; readonly thermalNanoseconds: number | null };

export interface StateReader {
  slowFacts(): SlowFacts;
  /** Asks limits and modes anew where they are older than 10 s; at an edge only where they were never asked. */
  refreshSlowFacts(isEdge: boolean): Promise<void>;
  /** What there is beside energy and power. `told`: times of the perf policies, where the round's field call gave them. */
  read(atMs: number, told: PolicyTimes): Promise<Partial<SourceReading>>;
  renew(): void;
  rest(): void;
  close(): Promise<void>;
}

const slowRoundMs = 10_000;

export function createStateReader(
  library: NvmlLibrary,
  device: Device,
  parts: { readonly asker: Asker; readonly clock: Clock },
): StateReader {
  const { asker, clock } = parts;
  const health = createHealthWatch(library, clock);
  const heldBack = createHeldBackTally();
  let slowFacts: SlowFacts = { limitWatts: null, isMig: false, isWddm: false };
  let slowAtMs = Number.NEGATIVE_INFINITY;
  let hasViolations = !device.ways.hasPolicyFields;

  async function readViolations(told: PolicyTimes): Promise<PolicyTimes> {
    if (!hasViolations) return told;
    const power = await asker.ask(library.violationNanoseconds, device.handle, 'power');
    const thermal = await asker.ask(library.violationNanoseconds, device.handle, 'thermal');
    if (power.kind === 'code' && power.code === nvmlCodes.notSupported) hasViolations = false;
    return { powerNanoseconds: valueOrNull(power), thermalNanoseconds: valueOrNull(thermal) };
  }

  return {
    slowFacts: () => slowFacts,
    async refreshSlowFacts(isEdge) {
      const isKnown = slowAtMs !== Number.NEGATIVE_INFINITY;
      if (isKnown && (isEdge || clock.monotonicMs() - slowAtMs < slowRoundMs)) return;
      const { handle } = device;
      slowAtMs = clock.monotonicMs();
      const milliwatts = valueOrNull(await asker.ask(library.enforcedPowerLimitMilliwatts, handle));
      slowFacts = {
        limitWatts: milliwatts === null || milliwatts === 0 ? slowFacts.limitWatts : wattsFromMilliwatts(milliwatts),
        isMig: valueOrNull(await asker.ask(library.isMigEnabled, handle)) ?? false,
        // Elsewhere a driver has no models, whatever a call may answer.
        isWddm: process.platform === 'win32' && (valueOrNull(await asker.ask(library.isWddm, handle)) ?? false),
      };
    },
    async read(atMs, told) {
      const { handle } = device;
      const reasonBits = valueOrNull(await asker.ask(library.clockEventReasons, handle));
      const memory = valueOrNull(await asker.ask(library.memoryBytes, handle));
      const utilization = slowFacts.isMig ? null : valueOrNull(await asker.ask(library.utilizationPercent, handle));
      return {
        utilizationRatio: utilization === null ? null : ratioFromPercent(utilization),
        memoryUsedBytes: memory?.used ?? null,
        memoryTotalBytes: memory?.total ?? device.memoryTotalBytes,
        temperatureCelsius: valueOrNull(await asker.ask(library.temperatureCelsius, handle)),
        clockMegahertz: valueOrNull(await asker.ask(library.clockMegahertz, handle, 'sm')),
        memoryClockMegahertz: valueOrNull(await asker.ask(library.clockMegahertz, handle, 'memory')),
        limitWatts: slowFacts.limitWatts,
        throttleReasons: throttleReasonsOf(reasonBits ?? 0),
        heldBackSeconds: heldBack.step({ atMs, reasonBits, ...(await readViolations(told)) }),
        health: health.latest(handle),
      };
    },
    renew() {
      slowAtMs = Number.NEGATIVE_INFINITY;
      health.forget();
    },
    rest: () => health.forget(),
    close: () => health.close(),
  };
}
