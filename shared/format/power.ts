import { kilo } from '../units.ts';
import { formatNumber, missing, threeDigitDecimals } from './number-text.ts';
import { type BoundedOptions, type FormatOptions, formatBounded, missingQuantity, type Quantity } from './quantity.ts';

export interface PowerOptions extends FormatOptions {
  /** `whole`: watts. `device`: one decimal under 100 W. `tight`: three digits, kW from 1 kW on. */
  readonly style?: 'whole' | 'device' | 'tight';
}

const kilowattsFrom = 10 * kilo;
const deviceDecimalBelowWatts = 100;

/** Power in watts, in kilowatts with three digits from 10 kW on. */
export function formatPower(powerWatts: number | null, options: PowerOptions): Quantity {
  if (powerWatts === null) return missingQuantity;
  const style = options.style ?? 'whole';
  const size = Math.abs(powerWatts);
  if (size >= (style === 'tight' ? kilo - 0.5 : kilowattsFrom)) {
    const kilowatts = powerWatts / kilo;
    return { value: formatNumber(kilowatts, threeDigitDecimals(kilowatts), options.locale), unit: 'kW', band: null };
  }
  const decimals = style === 'device' && size < deviceDecimalBelowWatts ? 1 : 0;
  return { value: formatNumber(powerWatts, decimals, options.locale), unit: 'W', band: null };
}

/** Watts as one number for a column headed 'W'. */
export function formatWattsColumn(powerWatts: number | null, options: FormatOptions): string {
  return powerWatts === null ? missing : formatNumber(powerWatts, 0, options.locale);
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
