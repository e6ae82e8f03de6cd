import { msFromSeconds } from '../../../shared/units.ts';
import type { Clock } from '../../clock/clock.ts';
import type { SampledMean } from '../../energy/sampled-power.ts';
import { answeredMs } from '../answer-time.ts';
import { createFastPower, spacingToSee } from '../fast-power.ts';
import { instantPowerTimingOf, nvidiaPartTimeError, nvidiaPowerError } from '../nvidia/nvidia-facts.ts';
import { type SensorError, type SourceReading, withOffset } from '../source.ts';
import { type Asked, type Asker, type Timed, whenAsked } from './ask.ts';
import { type Device, fieldQueriesOf, type PowerLook, powerLookOf } from './device.ts';
import { type Getter, type NvmlLibrary, type NvmlResult, nvmlCodes, valueOrNull } from './nvml-api.ts';

/** One round of power by all ways of the device; `look` is null where none answered, `code` why, where it is more than NOT_SUPPORTED. */
export interface PowerAnswer {
  readonly look: PowerLook | null;
  readonly code: number | null;
  readonly atMs: number;
}

export type PowerValues = Pick<
  SourceReading,
  'powerWatts' | 'powerWindowSeconds' | 'powerStandardErrorWatts' | 'instantWatts' | 'error'
>;

export interface PowerReader {
  read(): Asked<PowerAnswer>;
  /** Power of a round as a reading gives it: the mean since the last round where it is sampled in between, else the sensor's own word. */
  valuesOf(answer: PowerAnswer): PowerValues;
  /** Samples between the rounds from now on, where the sensor sees less than a period; or no more. */
  setSampled(isWanted: boolean, periodSeconds: number): void;
  errorOf(windowSeconds: number): SensorError;
  close(): void;
}

const noPower = (error: SensorError): PowerValues => ({
  powerWatts: null,
  powerWindowSeconds: 0,
  powerStandardErrorWatts: 0,
  instantWatts: null,
  error,
});

/** A mean of 1 s leaves no hole when it is asked twice in that time. */
const averageSpacingMs = 500;

export function createPowerReader(
  library: NvmlLibrary,
  device: Device,
  parts: { readonly asker: Asker; readonly clock: Clock },
): PowerReader {
  const { asker, clock } = parts;
  const { ways } = device;
  const timing = instantPowerTimingOf(device);
  const queries = fieldQueriesOf(ways);
  const hasPower = ways.hasAverageField || ways.hasInstantField || ways.hasUsage;
  const isAverage = ways.hasAverageField || ways.usageWindowSeconds > 0;
  const sensorWindowSeconds = isAverage ? 1 : timing.windowSeconds;
  const needsUsage = ways.hasUsage && !ways.hasAverageField && (ways.usageWindowSeconds > 0 || !ways.hasInstantField);

  type Ask = <A extends readonly unknown[], T>(getter: Getter<A, T>, ...args: A) => Asked<Timed<T>>;
  type Fields = Timed<readonly NvmlResult<number>[]> | null;
  const askLater: Ask = async (getter, ...args) => {
    const startedMs = clock.monotonicMs();
    const result = await getter.later(...args);
    return { result, atMs: answeredMs(startedMs, clock.monotonicMs()) };
  };

  function readBy(ask: Ask): Asked<PowerAnswer> {
    const asked = queries.length === 0 ? null : ask(library.fields, device.handle, queries);
    return whenAsked<Fields, PowerAnswer>(asked, (fields) => {
      const answers = (fields === null ? null : valueOrNull(fields.result)) ?? [];
      const told = powerLookOf(ways, queries, answers, null);
      const isEnough = !needsUsage && told.powerWatts !== null;
      if (isEnough && fields !== null) return { look: told, code: null, atMs: fields.atMs };
      return whenAsked(ways.hasUsage ? ask(library.powerUsageMilliwatts, device.handle) : null, (usage) =>
        answerOf(fields, usage),
      );
    });
  }

  function answerOf(fields: Fields, usage: Timed<number> | null): PowerAnswer {
    const answers = (fields === null ? null : valueOrNull(fields.result)) ?? [];
    const atMs = usage?.atMs ?? fields?.atMs ?? clock.monotonicMs();
    const usageMilliwatts = usage === null ? null : valueOrNull(usage.result);
    if (answers.length > 0 || usageMilliwatts !== null)
      return { look: powerLookOf(ways, queries, answers, usageMilliwatts), code: null, atMs };
    const codes = [fields, usage].flatMap((asked) => (asked?.result.kind === 'code' ? [asked.result.code] : []));
    return { look: null, code: codes.find((code) => code !== nvmlCodes.notSupported) ?? null, atMs };
  }

  const fastPower = createFastPower({
    clock,
    spacingMs: isAverage ? averageSpacingMs : spacingToSee(timing.updateMs),
    sensorWindowSeconds,
    updateMs: isAverage ? 0 : timing.updateMs,
    readWatts: async () => (await readBy(askLater)).look?.powerWatts ?? null,
  });

  const errorOf = (windowSeconds: number): SensorError =>
    windowSeconds > 0 || msFromSeconds(timing.windowSeconds) >= timing.updateMs
      ? nvidiaPowerError
      : nvidiaPartTimeError;

  function powerValues(look: PowerLook, powerWatts: number, mean: SampledMean | null): PowerValues {
    return {
      powerWatts: mean?.watts ?? powerWatts,
      powerWindowSeconds: mean?.windowSeconds ?? look.windowSeconds,
      powerStandardErrorWatts: mean?.standardErrorWatts ?? 0,
      instantWatts: look.instantWatts ?? (mean === null ? null : powerWatts),
      error: withOffset(errorOf(look.windowSeconds), mean?.inStepErrorWatts ?? 0),
    };
  }

  return {
    read: () => readBy(asker.askTimed),
    valuesOf({ look, atMs }) {
      if (look === null || look.powerWatts === null) return noPower(errorOf(look?.windowSeconds ?? 0));
      return powerValues(look, look.powerWatts, fastPower.take({ atMs, watts: look.powerWatts }));
    },
    setSampled: (isWanted, periodSeconds) =>
      fastPower.setWanted(isWanted && hasPower && sensorWindowSeconds < periodSeconds),
    errorOf,
    close: () => fastPower.close(),
  };
}
