import type { FigureUnit } from '../model/comparison-figures.ts';
import type { Difference } from '../model/run-difference.ts';
import { percentFromRatio } from '../units.ts';
import { type BandText, type Bounded, bandOf, bandText, isRange } from './band.ts';
import { formatDuration } from './duration.ts';
import { emissionsUnitForColumn, formatEmissionsWithBounds } from './emissions.ts';
import { energyUnitForColumn, formatEnergyWithBounds } from './energy.ts';
import { memoryTexts } from './memory.ts';
import { formatAmount } from './money.ts';
import { digitDecimals, formatNumber, missing, narrowSpace } from './number-text.ts';
import { formatPower, formatPowerWithBounds } from './power.ts';
import { type FormatOptions, formatBounded, type Quantity, valueText } from './quantity.ts';
import { formatCoverage, formatShare } from './ratio.ts';

/** A row of figures as text: the unit they share, named once, and each figure rounded as its own band asks. */
export interface FigureTexts {
  readonly unit: string | null;
  readonly cells: readonly Quantity[];
}

export interface FigureTextOptions extends FormatOptions {
  /** Of each figure, for money; the row names one only where all are the same. */
  readonly currencies?: readonly (string | null)[];
}

/** Digits of a number that nobody bounds and that has no custom of its own. */
const plainDigits = 4;
const mostDecimals = 9;

/** One unit a row, chosen by its largest figure. */
export function figureTexts(
  unit: FigureUnit,
  figures: readonly Bounded[],
  { locale, currencies }: FigureTextOptions,
): FigureTexts {
  const values = figures.map(({ value }) => value);
  const all = (shared: string | null, text: (figure: Bounded) => string): FigureTexts => ({
    unit: shared,
    cells: figures.map((figure) => ({ value: text(figure), unit: null, band: null })),
  });
  switch (unit) {
    case 'joules':
    case 'joules-per-hour': {
      const shared = energyUnitForColumn(values);
      const cells = figures.map(({ value, low, high }) =>
        formatEnergyWithBounds({ joules: value, lowJoules: low, highJoules: high }, { locale, unit: shared }),
      );
      return { unit: unit === 'joules' ? shared : `${shared}/h`, cells };
    }
    case 'grams': {
      const shared = emissionsUnitForColumn(values);
      const cells = figures.map(({ value, low, high }) =>
        formatEmissionsWithBounds(
          { gramsCO2e: value, lowGramsCO2e: low, highGramsCO2e: high },
          { locale, unit: shared },
        ),
      );
      return { unit: shared, cells };
    }
    case 'watts':
      return wattTexts(figures, locale);
    case 'seconds':
      return all(null, ({ value }) => formatDuration(value, { locale }));
    case 'ratio':
      return all('%', ({ value }) => formatShare(value, { locale }));
    case 'coverage':
      return all('%', ({ value }) => formatCoverage(value, { locale }));
    case 'bytes': {
      const { unit: shared, texts } = memoryTexts(values, { locale });
      return { unit: shared, cells: texts.map((value) => ({ value, unit: null, band: null })) };
    }
    case 'cores':
      return { unit: null, cells: figures.map((figure) => formatBounded(figure, '', { locale })) };
    case 'money':
      return moneyTexts(figures, { locale, currencies: currencies ?? [] });
    case 'plain':
      return all(null, ({ value }) => plainNumber(value, locale));
  }
}

/** One figure by itself, rounded as in its row: '1,530 W'. */
export function figureText(unit: FigureUnit, figure: Bounded, options: FormatOptions): string {
  const { unit: shared, cells } = figureTexts(unit, [figure], options);
  return valueText({ value: cells[0]?.value ?? missing, unit: shared, band: null });
}

/** Watts for all, kilowatts where each would be written so. */
function wattTexts(figures: readonly Bounded[], locale: string): FigureTexts {
  const cells = figures.map((figure) =>
    bandOf(figure) === null
      ? formatPower(figure.value, { locale, style: 'device' })
      : formatPowerWithBounds({ powerWatts: figure.value, lowWatts: figure.low, highWatts: figure.high }, { locale }),
  );
  const units = new Set(cells.flatMap((cell) => cell.unit ?? []));
  const [only] = units;
  if (units.size === 1 && only !== undefined) return { unit: only, cells };
  const mixed = cells.map((cell) =>
    cell.unit === null ? cell : { ...cell, value: `${cell.value}${narrowSpace}${cell.unit}` },
  );
  return { unit: null, cells: mixed };
}

function moneyTexts(
  figures: readonly Bounded[],
  { locale, currencies }: { readonly locale: string; readonly currencies: readonly (string | null)[] },
): FigureTexts {
  const known = new Set(currencies.filter((currency) => currency !== null));
  const [only] = known;
  const cells = figures.map(({ value }, index) => {
    const currency = currencies[index] ?? null;
    const amount = formatAmount(value, { locale, currency: currency ?? 'EUR' });
    const isNamed = known.size > 1 && currency !== null && value !== null;
    return { value: isNamed ? `${amount}${narrowSpace}${currency}` : amount, unit: null, band: null };
  });
  return { unit: known.size === 1 && only !== undefined ? only : null, cells };
}

/** Up to four digits, without zeros at the end: 1.21, 0.0003, 381. */
function plainNumber(value: number | null, locale: string): string {
  if (value === null) return missing;
  const decimals = Math.min(Math.max(0, digitDecimals(value, plainDigits)), mostDecimals);
  const rounded = Math.round(value * 10 ** decimals) / 10 ** decimals;
  const kept =
    decimals === 0
      ? ''
      : (rounded
          .toFixed(decimals)
          .replace(/\.?0+$/, '')
          .split('.')[1] ?? '');
  return formatNumber(rounded, kept.length, locale);
}

/** '−4.1 %' and '±2.4', or '−7.2 – −0.6' where the bounds do not lie evenly; null where there is no percentage to give. */
export function differenceTexts(
  difference: Difference,
  { locale }: FormatOptions,
): { readonly value: string; readonly band: string | null } | null {
  if (difference.kind !== 'differs') return null;
  const percent = percentFromRatio(difference.ratio);
  const bounded = {
    value: percent,
    low: difference.lowRatio === null ? null : percentFromRatio(difference.lowRatio),
    high: difference.highRatio === null ? null : percentFromRatio(difference.highRatio),
  };
  const band = bandText(bounded, locale);
  const sign = percent > 0 ? '+' : '';
  const decimals = differenceDecimals(percent, band);
  return { value: `${sign}${formatNumber(percent, decimals, locale)}${narrowSpace}%`, band: band?.text ?? null };
}

/** Digits that a difference keeps, however wide its bounds are. */
const leastDifferenceDigits = 2;
/** What one decimal would make 0 of. */
const unseenPercent = 0.05;

/**
 * A difference ends where its '±' ends, and never in the tens of less than a hundred. Where its bounds lie unevenly, the wider side says nothing of how well it is
 * known: two digits stay. Without bounds it has one decimal, none from 100 % on.
 */
function differenceDecimals(percent: number, band: BandText | null): number {
  const own = digitDecimals(percent, leastDifferenceDigits);
  if (band !== null) return Math.max(band.decimals, isRange(band) ? own : Math.min(own, 0));
  if (Math.abs(percent) < unseenPercent) return own;
  return Math.abs(percent) < 99.95 ? 1 : 0;
}
