import { z } from 'zod';
import { cpuCalibrationKey, type KeptEnds } from '../sources/cpu-model/cpu-calibration.ts';
import type { CalibratedEnds } from '../sources/cpu-model/cpu-model.ts';
import type { LearnedFacts, SensorError } from '../sources/source.ts';
import { fitWallLine, type WallFit } from './wall-line.ts';

/** Where readings at the wall are kept among the learned facts. */
export const wallCalibrationKey = 'calibration:wall';

const mostReadings = 100;
const wattsSchema = z.number().nonnegative().max(100_000);

/** Of a plug that a person reads, of whatever make: as the wider of the kinds that are asked (engine/sources/wall/README.md, 'Error'). */
export const unknownMeterError: SensorError = { lowRatio: 0.97, highRatio: 1.03, offsetWatts: 2 };
const errorSchema = z.object({
  lowRatio: z.number().positive().max(1),
  highRatio: z.number().min(1).max(10),
  offsetWatts: wattsSchema,
});

export const wallReadingSchema = z.object({
  /** Unix time. */
  atMs: z.number(),
  kind: z.enum(['idle', 'load']),
  wallWatts: wattsSchema,
  /** Sum of the machine's own sources at that time. */
  machineWatts: wattsSchema,
  /** Which sources made up `machineWatts`, by `machineBasis`: readings of another sum belong to another line. */
  basis: z.string().max(4000),
  /** Name of the wattmeter; null: read off by a person and typed in. */
  meterName: z.string().max(40).nullable(),
  /** The meter's own. */
  error: errorSchema.default(unknownMeterError),
});
export type WallReading = z.infer<typeof wallReadingSchema>;

export const wallCalibrationSchema = z.object({
  version: z.literal(1),
  readings: z.array(wallReadingSchema).max(mostReadings),
});

/** A domain of the machine and the source that speaks of it now. */
export interface BasisPart {
  readonly domainId: string;
  readonly source: string;
}

/** What a sum of the machine stands on, as a text that is the same for the same sum: its domains, their sources, the CPU model's calibration. */
export function machineBasis(parts: readonly BasisPart[], ends: CalibratedEnds | null): string {
  const sources = parts.map(({ domainId, source }) => `${domainId}=${source}`).sort();
  const isModelled = parts.some(({ source }) => source === 'cpu-model');
  const scale =
    isModelled && ends !== null ? [`cpu-ends=${ends.idleWatts.toFixed(2)}/${ends.fullWatts.toFixed(2)}`] : [];
  return [...sources, ...scale].join(';');
}

export interface TypedReading {
  readonly wallWatts: number;
  readonly machineWatts: number;
  readonly atMs: number;
  readonly kind: 'idle' | 'load';
  readonly basis: string;
}

/** The line of one sum of the machine, with the readings it stands on and the widest error of their meters. */
export interface WallCalibrated {
  readonly fit: WallFit;
  readonly readings: readonly WallReading[];
  readonly meterError: SensorError;
}

export interface CalibrationBook {
  /** Oldest first; none where nothing was kept or another version wrote it. */
  readings(): readonly WallReading[];
  /** A number that a person read off a meter while the machine drew `machineWatts`. Throws RangeError for what is no power. */
  addTypedReading(reading: TypedReading): void;
  add(readings: readonly WallReading[]): void;
  /** The line of the readings that stand on this basis. */
  wallLine(basis: string): WallFit;
  calibrated(basis: string): WallCalibrated;
  /** What the CPU model runs between from now on; `isIdleMeasured` where both were read of the package. */
  writeCpuEnds(ends: KeptEnds): void;
  /** Forgets the readings and the CPU's ends. */
  clear(): void;
}

/** Readings kept for good; lines are fitted when asked for, so that no derived number grows old. */
export function createCalibrationBook(learned: LearnedFacts): CalibrationBook {
  function readings(): readonly WallReading[] {
    const parsed = wallCalibrationSchema.safeParse(learned.read(wallCalibrationKey));
    return parsed.success ? parsed.data.readings : [];
  }
  function write(next: readonly WallReading[]): void {
    learned.write(wallCalibrationKey, { version: 1, readings: next.slice(-mostReadings) });
  }
  function add(added: readonly WallReading[]): void {
    const parsed = z.array(wallReadingSchema).safeParse(added);
    if (!parsed.success) throw new RangeError(`not a reading at the wall: ${z.prettifyError(parsed.error)}`);
    write([...readings(), ...parsed.data]);
  }
  function calibrated(basis: string): WallCalibrated {
    const own = readings().filter((reading) => reading.basis === basis);
    return { fit: fitWallLine(own), readings: own, meterError: widestError(own.map(({ error }) => error)) };
  }
  return {
    readings,
    add,
    addTypedReading: (reading) => add([{ ...reading, meterName: null, error: unknownMeterError }]),
    wallLine: (basis) => calibrated(basis).fit,
    calibrated,
    writeCpuEnds: (ends) => learned.write(cpuCalibrationKey, ends),
    clear() {
      write([]);
      learned.write(cpuCalibrationKey, null);
    },
  };
}

function widestError(errors: readonly SensorError[]): SensorError {
  if (errors.length === 0) return unknownMeterError;
  return {
    lowRatio: Math.min(...errors.map((error) => error.lowRatio)),
    highRatio: Math.max(...errors.map((error) => error.highRatio)),
    offsetWatts: Math.max(...errors.map((error) => error.offsetWatts)),
  };
}
