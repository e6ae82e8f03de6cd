import { formatNumber, typedNumber } from '../../shared/format/number-text.ts';
import { formatPower, formatPowerWithBounds } from '../../shared/format/power.ts';
import { quantityText, valueText } from '../../shared/format/quantity.ts';
import type { CalibrationStatus } from '../../shared/model/calibration.ts';

type Words = (key: string, values?: Readonly<Record<string, string | number>>) => string;
export type WallLine = NonNullable<CalibrationStatus['line']>;

/** '48 W + 1.09 × what the machine’s sources say': the line at the wall. */
export function lineText({ offsetWatts, gainRatio }: WallLine, words: Words, locale: string): string {
  const offset = valueText(formatPower(offsetWatts, { locale, style: 'device' }));
  return words('settings.calibration.line', { offset, gain: formatNumber(gainRatio, 2, locale) });
}

/** What the line says at both ends of what was calibrated, and on how much it stands. */
export function lineRangeText(line: WallLine, words: Words, locale: string): string {
  const watts = (value: number): string => valueText(formatPower(value, { locale }));
  return words('settings.calibration.range', {
    count: line.readingCount,
    least: watts(line.leastMachineWatts),
    most: watts(line.mostMachineWatts),
    atLeast: quantityText(formatPowerWithBounds(line.atLeast, { locale })),
    atMost: quantityText(formatPowerWithBounds(line.atMost, { locale })),
  });
}

/** Watts that a person read off a meter; null for what is no power. */
export function parseWatts(text: string, locale: string): number | null {
  const value = typedNumber(text, locale);
  return value !== null && value >= 0 && value <= 100_000 ? value : null;
}
