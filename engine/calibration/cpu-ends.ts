import type { KeptEnds } from '../sources/cpu-model/cpu-calibration.ts';
import { type CalibratedEnds, loadShape } from '../sources/cpu-model/cpu-model.ts';

/** The wall in the two minutes of a calibration, how loaded the CPU was in each, and what the model says of the CPU with nothing to do. */
export interface WallEnds {
  readonly idleWallWatts: number;
  readonly loadWallWatts: number;
  readonly idleLoadRatio: number;
  readonly fullLoadRatio: number;
  readonly idleCpuWatts: number;
}

/**
 * Of each further watt at the wall the part that reaches the package: supply (0.9) times regulators (0.88), rounded. Where both were measured, package
 * and plug of a Threadripper 1950X in codecarbon's load profiles, it is 0.76 and 0.94 by the ends of the two traces, 0.86 and 0.81 by all their rows.
 */
export const packageShareOfWall = 0.8;

/** Less than this between idle and full load is no CPU at full load. */
const leastRiseWatts = 3;
/** The two minutes must lie this far apart on the model's curve. */
const leastShapeSpan = 0.5;

export type EndsFit =
  | { readonly kind: 'fitted'; readonly ends: KeptEnds }
  | { readonly kind: 'refused'; readonly message: string };

/**
 * Full package power from the rise at the wall: full = idle + 0.8 × rise ÷ the part of the model's curve that lies between the two loads, which is 1 from
 * 0 to full. What the package draws at idle cannot be told at the wall from what board, disks and fans draw: the model's idle is kept.
 */
export function cpuEndsFromWall(wall: WallEnds): EndsFit {
  const span = loadShape(wall.fullLoadRatio) - loadShape(wall.idleLoadRatio);
  if (!(span >= leastShapeSpan))
    return { kind: 'refused', message: 'Idle and load differ too little in how busy the CPU was.' };
  const riseWatts = (packageShareOfWall * (wall.loadWallWatts - wall.idleWallWatts)) / span;
  return checked({ idleWatts: wall.idleCpuWatts, fullWatts: wall.idleCpuWatts + riseWatts });
}

/** Ends that were read of the package itself: by another tool as root, by a clamp, from the firmware. */
export function cpuEndsFromPackage(ends: CalibratedEnds): EndsFit {
  return checked({ idleWatts: ends.idleWatts, fullWatts: ends.fullWatts, isIdleMeasured: true });
}

function checked(ends: KeptEnds): EndsFit {
  const { idleWatts, fullWatts } = ends;
  if (!(Number.isFinite(idleWatts) && Number.isFinite(fullWatts) && idleWatts >= 0))
    return { kind: 'refused', message: 'Idle and full power are numbers of watts from 0 up.' };
  if (fullWatts - idleWatts < leastRiseWatts)
    return {
      kind: 'refused',
      message: `Full load draws ${(fullWatts - idleWatts).toFixed(1)} W more than idle: too little for a CPU at full load.`,
    };
  return { kind: 'fitted', ends };
}
