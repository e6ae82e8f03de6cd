import type { KeptEnds } from '../sources/cpu-model/cpu-calibration.ts';
import { type CalibratedEnds, interpolateCpuWatts } from '../sources/cpu-model/cpu-model.ts';
import type { SensorError } from '../sources/source.ts';
import {
  type BasisPart,
  type CalibrationBook,
  machineBasis,
  unknownMeterError,
  type WallReading,
} from './calibration-book.ts';
import { cpuEndsFromWall } from './cpu-ends.ts';
import type { PhaseMeans } from './phase-means.ts';
import type { WallFit } from './wall-line.ts';

export interface FinishedCalibration {
  readonly idle: PhaseMeans;
  readonly load: PhaseMeans;
  /** What a person read off the meter in the two phases; null: the meter was asked. */
  readonly typed: { readonly idleWatts: number; readonly loadWatts: number } | null;
  readonly meterName: string | null;
  /** The meter's own; null where a person read it. */
  readonly meterError: SensorError | null;
  /** The summed domains of the machine and their sources. */
  readonly parts: readonly BasisPart[];
  /** What the CPU model was calibrated to while this ran; null: not. */
  readonly endsBefore: KeptEnds | null;
  /** What the CPU's source says that it draws with nothing to do (`SourceReading.idleWatts`); null where it does not say. */
  readonly cpuIdleWatts: number | null;
  /** Whether the CPU model's ends are to be changed too. */
  readonly isCpuAsked: boolean;
}

export type RecordedCalibration =
  | {
      readonly kind: 'recorded';
      readonly wall: WallFit;
      /** The CPU model's new ends; null where they were not asked for, where a counter measures the CPU, where ends read of the package stand already, or with a refusal. */
      readonly cpuEnds: KeptEnds | null;
      readonly cpuRefusal: string | null;
    }
  | { readonly kind: 'refused'; readonly message: string };

/**
 * Keeps what a calibration found: two readings at the wall and, only where that was asked for, ends for the CPU model. The machine's sum in the readings
 * is then what it would have been with the new ends, since that is what it will be from now on: two points say no more of the CPU than its ends do, and the
 * offset at the wall is what is new.
 */
export function recordCalibration(book: CalibrationBook, found: FinishedCalibration): RecordedCalibration {
  const idleWallWatts = found.typed?.idleWatts ?? found.idle.wallWatts;
  const loadWallWatts = found.typed?.loadWatts ?? found.load.wallWatts;
  if (idleWallWatts === null || loadWallWatts === null)
    return { kind: 'refused', message: 'There is no reading at the wall: name a meter, or type in what it said.' };
  const cpu = cpuEndsOf(found, idleWallWatts, loadWallWatts);
  const ends = cpu.ends ?? found.endsBefore;
  const basis = machineBasis(found.parts, ends);
  const readingOf = (kind: WallReading['kind'], means: PhaseMeans, wallWatts: number): WallReading => ({
    atMs: means.atMs,
    kind,
    wallWatts,
    machineWatts: rescaled(means, cpu.ends, kind),
    basis,
    meterName: found.typed === null ? found.meterName : null,
    error: (found.typed === null ? found.meterError : null) ?? unknownMeterError,
  });
  book.add([readingOf('idle', found.idle, idleWallWatts), readingOf('load', found.load, loadWallWatts)]);
  if (cpu.ends !== null) book.writeCpuEnds(cpu.ends);
  return { kind: 'recorded', wall: book.wallLine(basis), cpuEnds: cpu.ends, cpuRefusal: cpu.refusal };
}

function cpuEndsOf(
  found: FinishedCalibration,
  idleWallWatts: number,
  loadWallWatts: number,
): { readonly ends: KeptEnds | null; readonly refusal: string | null } {
  const isModelled = found.parts.some(({ source }) => source === 'cpu-model');
  // What was read of the package itself is better than what a wall tells of it.
  if (!found.isCpuAsked || !isModelled || found.cpuIdleWatts === null || found.endsBefore?.isIdleMeasured === true)
    return { ends: null, refusal: null };
  const fit = cpuEndsFromWall({
    idleWallWatts,
    loadWallWatts,
    idleLoadRatio: loadRatioOf(found.idle, 'idle'),
    fullLoadRatio: loadRatioOf(found.load, 'load'),
    idleCpuWatts: found.cpuIdleWatts,
  });
  return fit.kind === 'fitted' ? { ends: fit.ends, refusal: null } : { ends: null, refusal: fit.message };
}

const loadRatioOf = (means: PhaseMeans, kind: WallReading['kind']): number =>
  means.cpuLoadRatio ?? (kind === 'idle' ? 0 : 1);

function rescaled(means: PhaseMeans, ends: CalibratedEnds | null, kind: WallReading['kind']): number {
  if (ends === null || means.cpuWatts === null) return means.machineWatts;
  return Math.max(0, means.machineWatts - means.cpuWatts + interpolateCpuWatts(ends, loadRatioOf(means, kind)));
}
