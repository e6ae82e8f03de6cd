import type { Domain } from '../../../shared/model/domain.ts';
import { joulesFromMillijoules, secondsFromMs } from '../../../shared/units.ts';
import { slowAnswerMs } from '../answer-time.ts';
import { nvidiaCounterError } from '../nvidia/nvidia-facts.ts';
import { type CounterRenewal, type SourceContext, type SourceReading, unknownValues } from '../source.ts';
import type { Asker, Turn } from './ask.ts';
import { type Counted, type CountedValue, createCounterReader } from './counter-reader.ts';
import { type Device, isGone } from './device.ts';
import { createDeviceDomains } from './domains.ts';
import type { NvmlLibrary } from './nvml-api.ts';
import { createPowerReader, type PowerAnswer } from './power-reader.ts';
import { createProcessList, type ListedProcesses } from './process-list.ts';
import { createStateReader, type StateValues } from './state-reader.ts';

/** A device's round: its readings, or the code of the driver that came instead. */
export type DeviceRound =
  | { readonly kind: 'readings'; readonly readings: readonly SourceReading[]; readonly isIdle: boolean }
  | { readonly kind: 'code'; readonly code: number };

/** What a round knows beside energy and power. */
interface Beside {
  readonly values: StateValues;
  readonly listed: ListedProcesses | null;
  readonly waitedSeconds: number;
}

export interface DeviceReader {
  readonly device: Device;
  domains(): readonly Domain[];
  read(round: { readonly isEdge: boolean; readonly signal: AbortSignal }): Promise<DeviceRound>;
  /** NVML was started anew and the device has a new handle. */
  renew(): void;
  /** No call is made of its own accord until the next round. */
  rest(): void;
  close(): Promise<void>;
}

export function createDeviceReader(
  library: NvmlLibrary,
  device: Device,
  parts: { readonly asker: Asker; readonly turn: Turn; readonly context: SourceContext },
): DeviceReader {
  const { asker, turn, context } = parts;
  const { clock } = context;
  const domains = createDeviceDomains(device);
  const counter = createCounterReader(library, device, { asker, clock });
  const power = createPowerReader(library, device, { asker, clock });
  const state = createStateReader(library, device, { asker, clock });
  const processes = createProcessList(library, asker, context);

  const currentDomains = () => domains.all({ isCounterUsed: counter.isUsable(), ...state.slowFacts() });

  let lastReadMs = Number.POSITIVE_INFINITY;

  /** A call for any device that held the thread since then kept this one waiting too. */
  const heldSince = (atMs: number): number => (turn.held !== null && turn.held.untilMs > atMs ? turn.held.forMs : 0);

  function readingsOf(answer: PowerAnswer, counted: Counted | null, beside: Beside): readonly SourceReading[] {
    const gpuCounted = device.isModule ? null : counted;
    power.setSampled(gpuCounted === null, context.periodSeconds());
    const [gpu, module] = currentDomains();
    const { look, atMs } = answer;
    const { values, listed, waitedSeconds } = beside;
    const reading: SourceReading = {
      ...values,
      domain: gpu,
      processes: listed?.processes ?? null,
      processesAtMs: listed?.askedAtMs ?? null,
      waitedSeconds,
      ...power.valuesOf(answer),
      atMs,
      ...counterValues(gpuCounted),
    };
    if (module === undefined) return [reading];
    const moduleReading: SourceReading = {
      ...unknownValues,
      domain: module,
      powerWatts: look?.moduleWatts ?? null,
      powerWindowSeconds: look?.moduleWindowSeconds ?? 0,
      atMs,
      error: power.errorOf(look?.moduleWindowSeconds ?? 0),
      waitedSeconds,
      ...counterValues(counted),
    };
    return [reading, moduleReading];
  }

  return {
    device,
    domains: currentDomains,
    async read({ isEdge, signal }) {
      const startedMs = clock.monotonicMs();
      const looked = await counter.read({ isEdge, signal });
      const counterCode = looked?.kind === 'code' ? looked.code : null;
      if (counterCode !== null && isGone(counterCode)) return { kind: 'code', code: counterCode };
      // What is there is not waited for: it would be ten turns of the thread for each GPU.
      const asked = power.read();
      const answer = asked instanceof Promise ? await asked : asked;
      const isCounterAlone = looked?.kind === 'value' && answer.code !== null && !isGone(answer.code);
      if (answer.code !== null && !isCounterAlone) return { kind: 'code', code: counterCode ?? answer.code };
      const counted = counter.observe(looked, answer.look?.powerWatts ?? null);
      const waitedMs = Math.max(clock.monotonicMs() - startedMs, heldSince(lastReadMs));
      lastReadMs = startedMs;
      if (state.isStale(isEdge)) await state.refreshSlowFacts();
      // The energy's moment is noted: what is asked from here on may take its time, but an edge waits for nothing that is known.
      const known = isEdge ? processes.latest() : null;
      const listing = state.slowFacts().isWddm ? null : (known ?? processes.read(device.handle));
      const listed = listing instanceof Promise ? await listing : listing;
      const { powerNanoseconds = null, thermalNanoseconds = null } = answer.look ?? {};
      const told = state.read(answer.atMs, { powerNanoseconds, thermalNanoseconds });
      const values = told instanceof Promise ? await told : told;
      const beside = { values, listed, waitedSeconds: waitedMs > slowAnswerMs ? secondsFromMs(waitedMs) : 0 };
      const isIdle = listed !== null && listed.processes.length === 0 && (values.utilizationRatio ?? 0) === 0;
      return { kind: 'readings', readings: readingsOf(answer, counted, beside), isIdle };
    },
    renew() {
      counter.renew();
      state.renew();
    },
    rest() {
      power.close();
      state.rest();
    },
    async close() {
      power.close();
      counter.close();
      await state.close();
    },
  };
}

const counterValues = (counted: Counted | null): Partial<SourceReading> =>
  counted === null
    ? {}
    : {
        atMs: counted.atMs,
        counterJoules: joulesFromMillijoules(counted.millijoules),
        counterLagSeconds: counted.lagSeconds,
        renewalBefore: counted.before === null ? null : renewalOf(counted.before),
        error: nvidiaCounterError,
      };

const renewalOf = ({ millijoules, atMs, lagSeconds }: CountedValue): CounterRenewal => ({
  atMs,
  counterJoules: joulesFromMillijoules(millijoules),
  counterLagSeconds: lagSeconds,
});
