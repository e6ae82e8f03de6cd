import type { SensorError } from '../source.ts';

/** Of an estimate at no load, in between, and at high load: the less a package has to do, the harder it is to tell what it draws. */
export interface CpuModelBounds {
  readonly idle: SensorError;
  readonly partial: SensorError;
  readonly high: SensorError;
}

/** The greatest load of each band: what an idle system does by itself, and half of all threads. */
export const bandEnds = { idle: 0.055, partial: 0.55 } as const;

const ratios = (lowRatio: number, highRatio: number): SensorError => ({ lowRatio, highRatio, offsetWatts: 0 });

/**
 * Measured over estimated power on machines that the estimate had not seen: `npm run bench:cpu-model` prints the quantiles, docs/methodology.md, 'CPU
 * model', says how they became these ends.
 */
export const knownPartBounds: CpuModelBounds = {
  idle: ratios(0.58, 3.3),
  partial: ratios(0.4, 1.95),
  high: ratios(0.67, 1.55),
};

/** The same where TDP and clock are those of a usual server part. */
export const assumedPartBounds: CpuModelBounds = {
  idle: ratios(0.5, 4.65),
  partial: ratios(0.35, 2.35),
  high: ratios(0.36, 2.1),
};

/** The same where idle and full power of the very package were measured once. */
export const bothEndsBounds: CpuModelBounds = {
  idle: ratios(0.7, 1.05),
  partial: ratios(0.4, 1.65),
  high: ratios(0.8, 1.4),
};

/** The same where full power was told from a rise at the wall, and idle is the model's: `idle` is that of the part. */
export const fullEndBounds = { partial: ratios(0.36, 3.05), high: ratios(0.74, 1.75) } as const;

export function boundsAt(bounds: CpuModelBounds, loadRatio: number): SensorError {
  if (loadRatio <= bandEnds.idle) return bounds.idle;
  return loadRatio <= bandEnds.partial ? bounds.partial : bounds.high;
}
