import { formatMoney } from './money.ts';
import { formatNumber, missing, narrowSpace, threeDigitDecimals } from './number-text.ts';
import { formatPower } from './power.ts';
import { valueText } from './quantity.ts';

/** An ISO 4217 code, as the unit of what a cost budget watches. */
const isCurrency = (unit: string): boolean => /^[A-Z]{3}$/.test(unit);

/** What an alert rule watches, by its unit: '4,542 W', '87.3 °C', '€71.40', '–'. */
export function readingText(value: number | null, unit: string, locale: string): string {
  if (value === null) return missing;
  if (unit === 'W') return valueText(formatPower(value, { locale }));
  if (isCurrency(unit)) return formatMoney(value, { locale, currency: unit });
  const decimals = unit === '%' || unit === 's' ? 0 : Math.max(0, Math.min(1, threeDigitDecimals(value)));
  const text = formatNumber(value, decimals, locale);
  return unit === '' ? text : `${text}${narrowSpace}${unit === 'kg' ? 'kg CO₂e' : unit}`;
}
