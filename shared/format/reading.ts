import { formatMoney } from './money.ts';
import { formatNumber, missing, narrowSpace, shownDecimals, threeDigitDecimals } from './number-text.ts';
import { formatPower } from './power.ts';
import { valueText } from './quantity.ts';

/** An ISO 4217 code, as the unit of what a cost budget watches. */
const isCurrency = (unit: string): boolean => /^[A-Z]{3}$/.test(unit);

/** Below this an amount has three digits, for a budget may be of a thousandth of a kWh; what was set as 0.001 is said so. */
const fineBelow = 10;

function decimalsOf(value: number, unit: string): number {
  if (unit === '%' || unit === 's') return 0;
  if (unit === '°C' || Math.abs(value) >= fineBelow) return Math.max(0, Math.min(1, threeDigitDecimals(value)));
  const most = shownDecimals(threeDigitDecimals(value));
  const shown = Number(value.toFixed(most));
  return (
    Array.from({ length: most }, (_, decimals) => decimals).find((one) => Number(value.toFixed(one)) === shown) ?? most
  );
}

/** What an alert rule watches, by its unit: '4,542 W', '87.3 °C', '€71.40', '–'. */
export function readingText(value: number | null, unit: string, locale: string): string {
  if (value === null) return missing;
  if (unit === 'W') return valueText(formatPower(value, { locale }));
  if (isCurrency(unit)) return formatMoney(value, { locale, currency: unit });
  const text = formatNumber(value, decimalsOf(value, unit), locale);
  return unit === '' ? text : `${text}${narrowSpace}${unit === 'kg' ? 'kg CO₂e' : unit}`;
}
