import { z } from 'zod';
import type { LearnedFacts } from '../source.ts';
import type { CalibratedEnds } from './cpu-model.ts';

/** Where a calibration of this machine's CPU is kept among the learned facts. */
export const cpuCalibrationKey = 'calibration:cpu';

/** Ends as they are kept. Without `isIdleMeasured` full power alone is news, and idle is what the model said; with it idle was read of the package too. */
export interface KeptEnds extends CalibratedEnds {
  readonly isIdleMeasured?: true;
}

/** No package draws more; what says so was not measured on one. */
const maxWatts = 10_000;

const calibrationSchema = z
  .object({
    idleWatts: z.number().nonnegative(),
    fullWatts: z.number().positive().max(maxWatts),
    isIdleMeasured: z.boolean().optional(),
  })
  .refine(({ idleWatts, fullWatts }) => fullWatts > idleWatts);

/** Idle and full watts as a calibration found them; null where there was none or what was kept makes no sense. */
export function readCpuCalibration(learned: LearnedFacts): KeptEnds | null {
  const parsed = calibrationSchema.safeParse(learned.read(cpuCalibrationKey));
  if (!parsed.success) return null;
  const { isIdleMeasured, ...ends } = parsed.data;
  return isIdleMeasured === true ? { ...ends, isIdleMeasured } : ends;
}
