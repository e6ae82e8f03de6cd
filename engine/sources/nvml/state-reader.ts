import { ratioFromPercent, wattsFromMilliwatts } from '../../../shared/units.ts';
import type { Clock } from '../../clock/clock.ts';
import { throttleReasonsOf } from '../nvidia/nvidia-facts.ts';
import { type SourceReading, unknownValues } from '../source.ts';
import { type Asked, type Asker, askEach, type Questions, whenAsked } from './ask.ts';
import type { Device } from './device.ts';
import { createHealthWatch } from './device-health.ts';
import type { SplitFacts } from './domains.ts';
import { createHeldBackTally } from './held-back.ts';
import { type NvmlLibrary, type NvmlResult, nvmlCodes, valueOrNull } from './nvml-api.ts';

/** What seldom changes. */
export interface SlowFacts extends SplitFacts {
  readonly limitWatts: number | null;
  readonly memoryClockMegahertz: number | null;
}

type PolicyTimes = { readonly powerNanoseconds: number | null; readonly thermalNanoseconds: number | null };

/** A reading's values, without those of energy and power. */
export type StateValues = Omit<SourceReading, 'domain' | 'atMs' | 'error'>;

export interface StateReader {
  slowFacts(): SlowFacts;
  /** Limits and modes are older than 10 s; at an edge: they were never asked. */
  isStale(isEdge: boolean): boolean;
  refreshSlowFacts(): Promise<void>;
  /** What there is beside energy and power. `told`: times of the perf policies, where the round's field call gave them. */
  read(atMs: number, told: PolicyTimes): Asked<StateValues>;
  renew(): void;
  rest(): void;
  close(): Promise<void>;
}

const slowRoundMs = 10_000;
/** Of MIG instances the driver tells no use. */
const notAsked: NvmlResult<number> = { kind: 'code', code: nvmlCodes.notSupported };

/** Clock-event reasons, memory, use, temperature, clock. */
type Answers = readonly [
  NvmlResult<number>,
  NvmlResult<{ readonly total: number; readonly used: number }>,
  NvmlResult<number>,
  NvmlResult<number>,
  NvmlResult<number>,
];

export function createStateReader(
  library: NvmlLibrary,
  device: Device,
  parts: { readonly asker: Asker; readonly clock: Clock },
): StateReader {
  const { asker, clock } = parts;
  const health = createHealthWatch(library, clock);
  const heldBack = createHeldBackTally();
  let slowFacts: SlowFacts = { limitWatts: null, memoryClockMegahertz: null, isMig: false, isWddm: false };
  let slowAtMs = Number.NEGATIVE_INFINITY;
  let hasViolations = !device.ways.hasPolicyFields;

  const reasonBits = () => asker.ask(library.clockEventReasons, device.handle);
  const memory = () => asker.ask(library.memoryBytes, device.handle);
  const utilization = () => (slowFacts.isMig ? notAsked : asker.ask(library.utilizationPercent, device.handle));
  const temperature = () => asker.ask(library.temperatureCelsius, device.handle);
  const smClock = () => asker.ask(library.clockMegahertz, device.handle, 'sm');
  const questions: Questions<Answers> = [reasonBits, memory, utilization, temperature, smClock];

  async function readViolations(): Promise<PolicyTimes> {
    const power = await asker.ask(library.violationNanoseconds, device.handle, 'power');
    const thermal = await asker.ask(library.violationNanoseconds, device.handle, 'thermal');
    if (power.kind === 'code' && power.code === nvmlCodes.notSupported) hasViolations = false;
    return { powerNanoseconds: valueOrNull(power), thermalNanoseconds: valueOrNull(thermal) };
  }

  function valuesOf(
    answers: Answers,
    { powerNanoseconds, thermalNanoseconds }: PolicyTimes,
    atMs: number,
  ): StateValues {
    const reasons = valueOrNull(answers[0]);
    const size = valueOrNull(answers[1]);
    const percent = valueOrNull(answers[2]);
    return {
      ...unknownValues,
      utilizationRatio: percent === null ? null : ratioFromPercent(percent),
      memoryUsedBytes: size?.used ?? null,
      memoryTotalBytes: size?.total ?? device.memoryTotalBytes,
      temperatureCelsius: valueOrNull(answers[3]),
      clockMegahertz: valueOrNull(answers[4]),
      memoryClockMegahertz: slowFacts.memoryClockMegahertz,
      limitWatts: slowFacts.limitWatts,
      throttleReasons: throttleReasonsOf(reasons ?? 0),
      heldBackSeconds: heldBack.step({ atMs, reasonBits: reasons, powerNanoseconds, thermalNanoseconds }),
      health: health.latest(device.handle),
    };
  }

  return {
    slowFacts: () => slowFacts,
    isStale: (isEdge) =>
      slowAtMs === Number.NEGATIVE_INFINITY || (!isEdge && clock.monotonicMs() - slowAtMs >= slowRoundMs),
    async refreshSlowFacts() {
      const { handle } = device;
      slowAtMs = clock.monotonicMs();
      const milliwatts = valueOrNull(await asker.ask(library.enforcedPowerLimitMilliwatts, handle));
      slowFacts = {
        limitWatts: milliwatts === null || milliwatts === 0 ? slowFacts.limitWatts : wattsFromMilliwatts(milliwatts),
        memoryClockMegahertz: valueOrNull(await asker.ask(library.clockMegahertz, handle, 'memory')),
        isMig: valueOrNull(await asker.ask(library.isMigEnabled, handle)) ?? false,
        // Elsewhere a driver has no models, whatever a call may answer.
        isWddm: process.platform === 'win32' && (valueOrNull(await asker.ask(library.isWddm, handle)) ?? false),
      };
    },
    read: (atMs, told) =>
      whenAsked(askEach(questions), (answers) =>
        whenAsked(hasViolations ? readViolations() : told, (times) => valuesOf(answers, times, atMs)),
      ),
    renew() {
      slowAtMs = Number.NEGATIVE_INFINITY;
      health.forget();
    },
    rest: () => health.forget(),
    close: () => health.close(),
  };
}
