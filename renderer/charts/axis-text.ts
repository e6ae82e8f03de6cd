import { formatElapsed } from '../../shared/format/duration.ts';
import { formatClock, formatDay } from '../../shared/format/moment.ts';
import { formatNumber } from '../../shared/format/number-text.ts';
import { kilo, kwhFromJoules, secondsFromMs } from '../../shared/units.ts';
import type { ChartUnit } from './chart-model.ts';
import { hasDays, hasSeconds } from './ticks.ts';

export interface AxisUnit {
  /** What a value is divided by before it is written. */
  readonly divisor: number;
  readonly word: string;
}

/** The unit that stands once, in the heading: an axis that reaches 2,000 W is in kW. */
export function axisUnit(unit: ChartUnit, axisMax: number): AxisUnit {
  switch (unit) {
    case 'watts':
      return axisMax >= 2 * kilo ? { divisor: kilo, word: 'kW' } : { divisor: 1, word: 'W' };
    case 'percent':
      return { divisor: 1, word: '%' };
    case 'gibibytes':
      return { divisor: 1, word: 'GiB' };
    case 'celsius':
      return { divisor: 1, word: '°C' };
    case 'megahertz':
      return { divisor: 1, word: 'MHz' };
    case 'kilowatt-hours':
      // A tenth of a watt-hour and less is said in joules: 1 kWh is 3,600,000 of them.
      return axisMax < 0.1 / kilo
        ? { divisor: kwhFromJoules(1), word: 'J' }
        : axisMax < 0.2
          ? { divisor: 1 / kilo, word: 'Wh' }
          : { divisor: 1, word: 'kWh' };
    case 'plain':
      return { divisor: 1, word: '' };
  }
}

/** Tick texts with the decimals that the step between them needs. */
export function valueLabels(values: readonly number[], divisor: number, locale: string): string[] {
  const shown = values.map((value) => Number((value / divisor).toPrecision(12)));
  const decimals = Math.max(0, ...shown.map((value) => (String(value).split('.')[1] ?? '').length));
  return shown.map((value) => formatNumber(value, value === 0 ? 0 : Math.min(decimals, 4), locale));
}

interface LabelledRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly isElapsed?: boolean;
}

export function timeLabel(atMs: number, range: LabelledRange, locale: string): string {
  if (range.isElapsed === true) return elapsedLabel(atMs, locale);
  if (hasDays(range.fromMs, range.toMs))
    // Of its own year: what a chart shows is of the last months, and its labels are narrow.
    return formatDay(atMs, { locale, nowMs: atMs });
  return formatClock(atMs, { locale, hasSeconds: hasSeconds(range.fromMs, range.toMs) });
}

export const elapsedLabel = (elapsedMs: number, locale: string): string =>
  formatElapsed(secondsFromMs(elapsedMs), { locale });
