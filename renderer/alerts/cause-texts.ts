import { formatDuration } from '../../shared/format/duration.ts';
import { formatMemory } from '../../shared/format/memory.ts';
import { formatPower } from '../../shared/format/power.ts';
import { type FormatOptions, valueText } from '../../shared/format/quantity.ts';
import { formatShare, percentText } from '../../shared/format/ratio.ts';
import { formatTemperature } from '../../shared/format/temperature.ts';
import type { AlertLogEntry } from '../../shared/model/alert.ts';
import type { AlertWords } from './use-alert-words.ts';

/** What is worth a line of the reading that fired it; the rest is told by the figure itself or is no figure. */
const causeFormats: Readonly<Record<string, (value: number, options: FormatOptions) => string>> = {
  powerWatts: (value, options) => valueText(formatPower(value, options)),
  limitWatts: (value, options) => valueText(formatPower(value, options)),
  temperatureCelsius: (value, options) => `${formatTemperature(value, options)} °C`,
  memoryUsedBytes: (value, options) => valueText(formatMemory(value, options)),
  memoryTotalBytes: (value, options) => valueText(formatMemory(value, options)),
  utilizationRatio: (value, options) => percentText(formatShare(value, options)),
  heldBytes: (value, options) => valueText(formatMemory(value, options)),
  silentSeconds: formatDuration,
};

/** The reading that fired it, value by value. */
export function causeTexts({ reading }: AlertLogEntry, t: AlertWords, options: FormatOptions): readonly string[] {
  const figures = Object.entries(causeFormats).flatMap(([key, format]) => {
    const value = reading[key];
    const isTold = typeof value === 'number' && (key !== 'silentSeconds' || value > 0);
    return isTold ? [t(`log.cause.${key}`, { value: format(value, options) })] : [];
  });
  const { throttleReasons } = reading;
  return typeof throttleReasons === 'string'
    ? [...figures, t('log.cause.throttleReasons', { value: reasonWords(throttleReasons, t) })]
    : figures;
}

const reasonWords = (reasons: string, t: AlertWords): string =>
  reasons
    .split(', ')
    .map((reason) => t(`app:live.throttle.${reason}`, { defaultValue: reason }))
    .join(', ');
