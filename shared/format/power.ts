import { kilo } from '../units.ts';
import { missing, threeDigitDecimals } from './number-text.ts';
import { type BoundedOptions, formatBounded, missingQuantity, type Quantity, valueTextOf } from './quantity.ts';

export interface PowerOptions extends BoundedOptions {
  /** `whole`: watts, one decimal under 10 W. `device`: one decimal under 100 W. `tight`: as `whole`, and three digits in kW from 1 kW on. */
  readonly style?: 'whole' | 'device' | 'tight';
}

const kilowattsFrom = 10 * kilo;
const deviceDecimalBelowWatts = 100;
/** From here on a decimal would round up to 10.0. */
const smallBelowWatts = 9.95;
/** Finer than any sensor: what is left of a subtraction is nothing. */
const noiseBelowWatts = 0.0005;

const withoutNoise = (powerWatts: number): number => (Math.abs(powerWatts) < noiseBelowWatts ? 0 : powerWatts);

/** Power in watts, in kilowatts with three digits from 10 kW on. What is there is never written as 0: '<0.1'. */
export function formatPower(powerWatts: number | null, options: PowerOptions): Quantity {
  if (powerWatts === null) return missingQuantity;
  const style = options.style ?? 'whole';
  const text = valueTextOf(options);
  const size = Math.abs(powerWatts);
  if (size >= (style === 'tight' ? kilo - 0.5 : kilowattsFrom)) {
    const kilowatts = powerWatts / kilo;
    return { value: text(kilowatts, threeDigitDecimals(kilowatts), options.locale), unit: 'kW', band: null };
  }
  // A limit of 5 W is said as it was set.
  const isSmall = size < smallBelowWatts && !Number.isInteger(withoutNoise(powerWatts));
  const decimals = isSmall || (style === 'device' && size < deviceDecimalBelowWatts) ? 1 : 0;
  return { value: text(withoutNoise(powerWatts), decimals, options.locale), unit: 'W', band: null };
}

/** Watts as one whole number for a column headed 'W'; what would come to 0 there, and is not, is '<1'. */
export function formatWattsColumn(powerWatts: number | null, options: BoundedOptions): string {
  return powerWatts === null ? missing : valueTextOf(options)(withoutNoise(powerWatts), 0, options.locale);
}

export interface BoundedPower {
  readonly powerWatts: number | null;
  readonly lowWatts: number | null;
  readonly highWatts: number | null;
}

/** Power with its bounds; the value ends where its band ends. */
export function formatPowerWithBounds(power: BoundedPower, options: BoundedOptions): Quantity {
  const divisor = Math.abs(power.powerWatts ?? 0) >= kilowattsFrom ? kilo : 1;
  const scaled = (watts: number | null): number | null => (watts === null ? null : watts / divisor);
  const bounded = { value: scaled(power.powerWatts), low: scaled(power.lowWatts), high: scaled(power.highWatts) };
  return formatBounded(bounded, divisor === 1 ? 'W' : 'kW', options);
}
