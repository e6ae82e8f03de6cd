import { digitDecimals, formatNumber, noBreakSpace, shownDecimals } from './number-text.ts';

/** A value with its bounds, all in one unit; null where unknown. */
export interface Bounded {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** What a band does to the text: where the value ends, and how the band is written. */
export interface BandText {
  readonly decimals: number;
  /** '±0.6' or '6.4 – 16.8'; null where no band is known. */
  readonly text: string | null;
}

/** Sides that differ by less than this share of the larger one are written as one '±'. */
const agreementRatio = 0.2;
const roundingSlack = 1e-9;

/** Decimals of a band rounded up to one digit, two where it begins with 1: 0.57 → 1, 0.162 → 2, 23 → −1. */
export function bandDecimals(band: number): number {
  const magnitude = Math.floor(Math.log10(band) + roundingSlack);
  const leading = Math.floor(band / 10 ** magnitude + roundingSlack);
  return (leading === 1 ? 1 : 0) - magnitude;
}

export function ceilAt(value: number, decimals: number): number {
  return Math.ceil(value * 10 ** decimals - roundingSlack) / 10 ** decimals;
}

export function floorAt(value: number, decimals: number): number {
  return Math.floor(value * 10 ** decimals + roundingSlack) / 10 ** decimals;
}

/** Larger distance from the value to one of its bounds; null where a bound is unknown or both fall on the value. */
export function bandOf({ value, low, high }: Bounded): number | null {
  if (value === null || low === null || high === null) return null;
  const band = Math.max(value - low, high - value);
  return band > Math.abs(value) * roundingSlack && Number.isFinite(band) ? band : null;
}

/** A part or a multiple of a bounded whole, its bounds in proportion: it shows no digits that the whole has not. None where the whole has none. */
export function inProportion(value: number | null, { value: whole, low, high }: Bounded): Bounded {
  if (value === null || whole === null || whole === 0 || low === null || high === null)
    return { value, low: null, high: null };
  return { value, low: (value * low) / whole, high: (value * high) / whole };
}

/** So many decimals more than the band asks for, at most, until a value ends between its bounds: 7.43 of 7.2 to 9.7 is 7.4, not 7. */
const mostFinerDecimals = 4;

function decimalsInside(value: number, low: number, high: number, decimals: number): number {
  for (let finer = 0; finer < mostFinerDecimals; finer++) {
    const scale = 10 ** (decimals + finer);
    const shown = Math.round(value * scale) / scale;
    // What would come to 0 is said to be less than one of its last place.
    if (shown === 0 || (shown >= low && shown <= high)) return decimals + finer;
  }
  return decimals;
}

/** Writes the band by the rule of the house, or says that three digits must do. */
export function bandText(bounded: Bounded, locale: string): BandText | null {
  const band = bandOf(bounded);
  const { value, low, high } = bounded;
  if (band === null || value === null || low === null || high === null) return null;
  const decimals = bandDecimals(band);
  const smaller = Math.min(value - low, high - value);
  if (band - smaller <= agreementRatio * band)
    return { decimals, text: `±${formatNumber(ceilAt(band, decimals), decimals, locale)}` };
  return { decimals: decimalsInside(value, low, high, decimals), text: rangeText(low, high, locale) };
}

/** Both ends as text, rounded outward at the value's own last place, or at two digits where they are written as a range. */
export function endTexts(bounded: Bounded, locale: string): { readonly low: string; readonly high: string } | null {
  const band = bandText(bounded, locale);
  const { low, high } = bounded;
  if (band === null || low === null || high === null) return null;
  const decimals = isRange(band) ? rangeDecimals(low, high) : band.decimals;
  return {
    low: endText(low, { decimals, round: floorAt, locale }),
    high: endText(high, { decimals, round: ceilAt, locale }),
  };
}

/** True where both ends are written, and not one '±'. */
export const isRange = (band: BandText): boolean => !band.text?.startsWith('±');

interface EndOptions {
  readonly decimals: number;
  readonly round: (value: number, decimals: number) => number;
  readonly locale: string;
}

/** An end rounded outward. One that would come to 0, and is not, keeps two digits of its own: that it is not 0 is what it has to say. */
function endText(end: number, { decimals, round, locale }: EndOptions): string {
  const own = digitDecimals(end, 2);
  // Below the last decimal that is ever written it stays 0.
  const isLost = end !== 0 && round(end, decimals) === 0 && own <= shownDecimals(own);
  const shown = isLost ? own : decimals;
  const rounded = round(end, shown);
  return formatNumber(rounded, rounded === 0 ? 0 : shown, locale);
}

function rangeDecimals(low: number, high: number): number {
  const half = (high - low) / 2;
  return half > 0 ? digitDecimals(half, 2) : digitDecimals(high, 3);
}

/** 'low – high', rounded outward at two digits of their distance's half: 6.4 – 16.8, 27 – 69. */
export function rangeText(low: number, high: number, locale: string): string {
  const decimals = rangeDecimals(low, high);
  const ends = [endText(low, { decimals, round: floorAt, locale }), endText(high, { decimals, round: ceilAt, locale })];
  return ends.join(`${noBreakSpace}–${noBreakSpace}`);
}
