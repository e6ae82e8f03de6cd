import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import type { HeldBackSeconds } from '../../../shared/model/health.ts';
import { bytesFromMebibytes, msFromSeconds, ratioFromPercent, secondsFromMicroseconds } from '../../../shared/units.ts';
import type { PowerSample } from '../../energy/mean-power.ts';
import type { SampledMean } from '../../energy/sampled-power.ts';
import {
  instantPowerTimingOf,
  nvidiaGainOf,
  nvidiaPartTimeError,
  nvidiaPowerError,
  type PowerSensorTiming,
  powerWindowSecondsOf,
  throttleReasonsOf,
} from '../nvidia/nvidia-facts.ts';
import { type GpuProcess, type SourceReading, unknownValues, withOffset } from '../source.ts';
import { parseCell, quantityOf, type SmiRow } from './parse-rows.ts';

export interface PowerKind {
  /** The time that plain `power.draw` is the mean of; 0: it is what the sensor saw last. */
  readonly windowSeconds: number;
  readonly sensor: PowerSensorTiming;
}

export const numberIn = (row: SmiRow, field: string): number | null =>
  quantityOf(parseCell(row.cells.get(field) ?? ''));

const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);

const limitIn = (row: SmiRow): number | null =>
  positive(numberIn(row, 'enforced.power.limit')) ?? positive(numberIn(row, 'power.limit'));

/** Why the GPU's energy cannot be divided among its processes, where the driver runs it in a mode that hides their use. */
function indivisibleReason(row: SmiRow): string | null {
  if (row.cells.get('mig.mode.current') === 'Enabled')
    return 'MIG: the board has one power reading for all its instances.';
  if (row.cells.get('driver_model.current') === 'WDDM')
    return 'WDDM: Windows does not tell which process uses the GPU how much.';
  return null;
}

/**
 * A GPU as a row describes it; `before`, the same object, where nothing has changed, and what this row does not tell as it was. A limit is set, MIG switched on
 * and GPUs are numbered anew while rows come. `architecture` by the long listing, as nvmlDeviceArchitecture_t; null while it is not known.
 */
export function domainFromRow(row: SmiRow, architecture: number | null, before: Domain | null): Domain {
  const index = numberIn(row, 'index') ?? before?.index ?? 0;
  const totalMebibytes = numberIn(row, 'memory.total');
  const domain: Domain = {
    ...domainDefaults,
    id: `gpu:${row.cells.get('uuid') ?? ''}`,
    kind: 'gpu',
    name: row.cells.get('name') ?? 'NVIDIA GPU',
    label: `GPU ${index}`,
    index,
    limitWatts: limitIn(row) ?? before?.limitWatts ?? null,
    memoryTotalBytes: totalMebibytes === null ? (before?.memoryTotalBytes ?? null) : bytesFromMebibytes(totalMebibytes),
    source: 'nvidia-smi',
    provenance: 'sensor',
    gain: nvidiaGainOf(architecture),
    cannotBeSplit: indivisibleReason(row),
  };
  return before !== null && isSameDomain(before, domain) ? before : domain;
}

const isSameDomain = (a: Domain, b: Domain): boolean =>
  a.index === b.index &&
  a.name === b.name &&
  a.limitWatts === b.limitWatts &&
  a.memoryTotalBytes === b.memoryTotalBytes &&
  a.gain === b.gain &&
  a.cannotBeSplit === b.cannotBeSplit;

/** The sensor, where the mean of its samples is the reading. Of one whose plain reading is itself a mean, means of means that overlap would lie half a window behind. */
export const sampledSensor = (row: SmiRow, kind: PowerKind): PowerSensorTiming | null =>
  numberIn(row, 'power.draw.average') === null && kind.windowSeconds === 0 ? kind.sensor : null;

export interface RowInput {
  readonly row: SmiRow;
  readonly domain: Domain;
  readonly atMs: number;
  readonly kind: PowerKind;
  /** Of the samples since the row before; null where the row's own word is the reading: `sampledSensor`. */
  readonly mean: SampledMean | null;
  readonly samples: readonly PowerSample[];
  readonly processes: readonly GpuProcess[] | null;
  readonly processesAtMs: number | null;
}

export function readingFromRow(input: RowInput): SourceReading {
  const { row, domain, atMs, kind, mean, samples, processes, processesAtMs } = input;
  const number = (field: string): number | null => numberIn(row, field);
  const averageWatts = number('power.draw.average');
  const instantWatts = number('power.draw.instant');
  const powerWatts = averageWatts ?? number('power.draw') ?? instantWatts;
  const error =
    averageWatts === null && kind.windowSeconds === 0 && msFromSeconds(kind.sensor.windowSeconds) < kind.sensor.updateMs
      ? nvidiaPartTimeError
      : nvidiaPowerError;
  const base = { domain, ...unknownValues, atMs, error: withOffset(error, mean?.inStepErrorWatts ?? 0) };
  // Of a driver that knows means alone they are means, and tell no moment's power.
  const areInstants = instantWatts !== null || (averageWatts === null && kind.windowSeconds === 0);
  const percent = number('utilization.gpu');
  const usedMebibytes = number('memory.used');
  const words = parseCell(row.cells.get('power.draw') ?? '');
  if (powerWatts === null && words.kind === 'missing') {
    const note = `nvidia-smi says: ${words.text}`;
    // A GPU that tells its use or memory is there: its power sensor alone fails.
    const isThere = percent !== null || usedMebibytes !== null;
    if (/lost|requires reset/i.test(words.text)) return { ...base, missing: { reason: 'lost', note } };
    // '98,14 W', or whatever else it may write one day: a number that cannot be read.
    if (/\d/.test(words.text) && Number.isNaN(Number(words.text)))
      return { ...base, missing: { reason: 'failed', note } };
    if (/unknown error/i.test(words.text)) return { ...base, missing: { reason: isThere ? 'failed' : 'lost', note } };
  }
  return {
    ...base,
    powerWatts: mean?.watts ?? powerWatts,
    powerWindowSeconds: mean?.windowSeconds ?? (averageWatts === null ? kind.windowSeconds : 1),
    powerStandardErrorWatts: mean?.standardErrorWatts ?? 0,
    instantWatts,
    samples: areInstants ? samples : [],
    earlierMeans: areInstants ? [] : samples.filter((sample) => sample.atMs < atMs),
    utilizationRatio: percent === null ? null : ratioFromPercent(percent),
    memoryUsedBytes: usedMebibytes === null ? null : bytesFromMebibytes(usedMebibytes),
    memoryTotalBytes: domain.memoryTotalBytes,
    temperatureCelsius: number('temperature.gpu'),
    clockMegahertz: number('clocks.sm'),
    memoryClockMegahertz: number('clocks.mem'),
    limitWatts: domain.limitWatts,
    throttleReasons: throttleReasonsOf(
      number('clocks_event_reasons.active') ?? number('clocks_throttle_reasons.active') ?? 0,
    ),
    heldBackSeconds: heldBackIn(row),
    processes,
    processesAtMs,
  };
}

/** The driver's counters of time held back, in seconds; null unless it has them all. */
function heldBackIn(row: SmiRow): HeldBackSeconds | null {
  const seconds = (name: string): number | null => {
    const microseconds = numberIn(row, `clocks_event_reasons_counters.${name}`);
    return microseconds === null ? null : secondsFromMicroseconds(microseconds);
  };
  const cap = seconds('sw_power_cap');
  const heat = [seconds('sw_thermal_slowdown'), seconds('hw_thermal_slowdown')];
  const brake = seconds('hw_power_brake_slowdown');
  if (cap === null || brake === null || heat[0] == null || heat[1] == null) return null;
  return { 'power-cap': cap, heat: heat[0] + heat[1], 'hardware-slowdown': brake };
}

/** What a GPU's plain power reading is, by its chip. */
export function powerKindOf(gpu: { readonly name: string; readonly architecture: number | null }): PowerKind {
  return { windowSeconds: powerWindowSecondsOf(gpu), sensor: instantPowerTimingOf(gpu) };
}
