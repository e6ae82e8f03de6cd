import { msFromSeconds } from '../../../shared/units.ts';
import type { Clock } from '../../clock/clock.ts';
import { type Source, type SourceReading, unknownValues } from '../source.ts';
import { faultOf, hangEndSeconds, missingBy, resetsOf } from './faults.ts';
import type { SimulatedFault } from './machine-config.ts';
import { createRandom } from './random.ts';
import { createSensorReader, type SensorLook, type SensorReader } from './sensor-reader.ts';
import type { SimulatedDevice } from './simulated-devices.ts';

export interface SimulatedSourceOptions {
  readonly clock: Clock;
  /** The simulation's seconds at this moment. */
  readonly now: () => number;
  readonly devices: readonly SimulatedDevice[];
  readonly faults: readonly SimulatedFault[];
  readonly countsFromSeconds: number;
  readonly seed: number;
}

/** The moment of a reading, by both clocks. */
interface Moment {
  readonly seconds: number;
  readonly monotonicMs: number;
  readonly isEdge: boolean;
}

interface DeviceReader {
  read(moment: Moment): readonly SourceReading[];
  forget(): void;
}

/** The machine's devices as one source, whose driver fails as its faults say. */
export function createSimulatedSource(options: SimulatedSourceOptions): Source {
  const { clock, now, devices, faults } = options;
  const readers = devices.map((device, i) => createDeviceReader(device, i, options));
  const domains = devices.map((device) => device.domain);

  async function waitForDriver(signal: AbortSignal): Promise<void> {
    const seconds = now();
    const endSeconds = hangEndSeconds(faults, seconds);
    if (endSeconds === null) return;
    for (const reader of readers) reader.forget();
    await clock.sleep(msFromSeconds(endSeconds - seconds), signal);
  }

  return {
    domains: () => domains,
    async read(signal, { isEdge } = { isEdge: false }) {
      await waitForDriver(signal);
      if (signal.aborted) return [];
      const moment = { seconds: now(), monotonicMs: clock.monotonicMs(), isEdge };
      return readers.flatMap((reader) => reader.read(moment));
    },
    close: async () => {},
  };
}

function createDeviceReader(device: SimulatedDevice, index: number, options: SimulatedSourceOptions): DeviceReader {
  const { domain, power } = device;
  const { faults } = options;
  const sensor = createReaderOf(device, index, options);

  function readingOf(look: SensorLook, moment: Moment): SourceReading {
    const { seconds, monotonicMs } = moment;
    const values = device.valuesAt(seconds);
    /** From the simulation's time to the monotonic clock's. */
    const offsetMs = monotonicMs - msFromSeconds(seconds);
    const isMute = faultOf(faults, { domainId: domain.id, seconds, kinds: ['not-available'] }) !== undefined;
    return {
      domain,
      ...unknownValues,
      error: { lowRatio: 1, highRatio: 1, offsetWatts: 0 },
      ...values,
      ...look.values,
      // No CPU tells its power of a moment.
      instantWatts: domain.kind === 'gpu' ? (look.values.instantWatts ?? null) : null,
      samples: (look.values.samples ?? []).map(({ atMs, watts }) => ({ atMs: atMs + offsetMs, watts })),
      ...(isMute ? { powerWatts: null, instantWatts: null, counterJoules: null, samples: [] } : {}),
      atMs: monotonicMs + msFromSeconds(look.atSeconds - seconds),
      processesAtMs: domain.kind === 'gpu' ? monotonicMs : null,
    };
  }

  return {
    read(moment) {
      const { seconds, monotonicMs, isEdge } = moment;
      const fault = faultOf(faults, {
        domainId: domain.id,
        seconds,
        kinds: ['lost', 'failed-read', 'stream-ends'],
      });
      if (fault !== undefined) sensor?.forget();
      if (fault?.kind === 'stream-ends') return [];
      const missing = missingBy(fault);
      const error = { lowRatio: 1, highRatio: 1, offsetWatts: 0 };
      if (missing !== null) return [{ domain, ...unknownValues, atMs: monotonicMs, error, missing }];
      const looks = sensor?.read(seconds, isEdge) ?? [
        { atSeconds: seconds, values: { powerWatts: power.wattsAt(seconds) } },
      ];
      return looks.map((look) => readingOf(look, moment));
    },
    forget: () => sensor?.forget(),
  };
}

function createReaderOf(
  { domain, power, sensor }: SimulatedDevice,
  index: number,
  { faults, countsFromSeconds, seed }: SimulatedSourceOptions,
): SensorReader | null {
  if (sensor === null) return null;
  return createSensorReader({
    power,
    sensor,
    counting: { fromSeconds: countsFromSeconds, resetsAtSeconds: resetsOf(faults, domain.id) },
    random: createRandom(seed + index),
  });
}
