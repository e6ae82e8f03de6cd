import type { KeptEnds } from '../sources/cpu-model/cpu-calibration.ts';
import { type CalibratedEnds, interpolateCpuWatts } from '../sources/cpu-model/cpu-model.ts';
import { type BasisPart, type CalibrationBook, machineBasis, type WallReading } from './calibration-book.ts';
import { cpuEndsFromWall } from './cpu-ends.ts';
import type { PhaseMeans } from './phase-means.ts';
import type { WallFit } from './wall-line.ts';

export interface FinishedCalibration {
  readonly idle: PhaseMeans;
  readonly load: PhaseMeans;
  /** What a person read off the meter in the two phases; null: the meter was asked. */
  readonly typed: { readonly idleWatts: number; readonly loadWatts: number } | null;
  readonly meterName: string | null;
  /** The summed domains of the machine and their sources. */
  readonly parts: readonly BasisPart[];
  /** What the CPU model was calibrated to while this ran; null: not. */
  readonly endsBefore: KeptEnds | null;
  /** What the CPU's source says that it draws with nothing to do (`SourceReading.idleWatts`); null where it does not say. */
  readonly cpuIdleWatts: number | null;
}

export type RecordedCalibration =
  | {
      readonly kind: 'recorded';
      readonly wall: WallFit;
      /** The CPU model's new ends; null where a counter measures the CPU, where ends read of the package stand already, or with a refusal. */
      readonly cpuEnds: KeptEnds | null;
      readonly cpuRefusal: string | null;
    }
  | { readonly kind: 'refused'; readonly message: string };

/**
 * Keeps what a calibration found: ends for the CPU model where the CPU is modelled, and two readings at the wall. The machine's sum in them is what it
 * would have been with the new ends, since that is what it will be from now on. Two points then say no more of the CPU than its ends do: the offset at
 * the wall is what is new.
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
  if (!isModelled || found.cpuIdleWatts === null || found.endsBefore?.isIdleMeasured === true)
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
