import { formatNumber, missing } from './number-text.ts';
import type { FormatOptions } from './quantity.ts';

/** Whole degrees, for a column or chart headed '°C'. */
export function formatTemperature(temperatureCelsius: number | null, options: FormatOptions): string {
  return temperatureCelsius === null ? missing : formatNumber(temperatureCelsius, 0, options.locale);
}
