import { kwhFromJoules, wattHoursFromJoules } from '../../shared/units.ts';

const narrowSpace = '\u202f';
/** What stands where nothing is known. */
export const missing = '–';
const kilo = 1000;
const wholeCoverage = 0.9995;

function numberText(value: number, decimals: number, locale: string): string {
  const digits = Math.max(0, Math.min(9, decimals));
  return new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

function threeDigitDecimals(value: number): number {
  if (value === 0) return 0;
  return 2 - Math.floor(Math.log10(Number(Math.abs(value).toPrecision(3))) + 1e-9);
}

/** Where the value ends: at the band rounded up to one digit, two where it begins with 1. */
function bandDecimals(band: number): number {
  const magnitude = Math.floor(Math.log10(band) + 1e-9);
  const leading = Math.floor(band / 10 ** magnitude + 1e-9);
  return (leading === 1 ? 1 : 0) - magnitude;
}

/** '412 W', '4.54 kW': for tight places. */
export function tightPowerText(powerWatts: number | null, locale: string): string {
  if (powerWatts === null) return missing;
  if (powerWatts < kilo - 0.5) return `${numberText(powerWatts, 0, locale)}${narrowSpace}W`;
  const kilowatts = powerWatts / kilo;
  return `${numberText(kilowatts, threeDigitDecimals(kilowatts), locale)}${narrowSpace}kW`;
}

/** '4,542 W', '12.4 kW': for sentences. */
export function powerText(powerWatts: number | null, locale: string): string {
  if (powerWatts === null || powerWatts >= 10 * kilo) return tightPowerText(powerWatts, locale);
  return `${numberText(powerWatts, 0, locale)}${narrowSpace}W`;
}

export interface BoundedEnergy {
  readonly totalJoules: number | null;
  readonly lowJoules: number | null;
  readonly highJoules: number | null;
  /** Share of the time that was seen; where that does not round to 100.0 % the energy is a lower bound. */
  readonly coverage: number;
}

function energyScale(energyJoules: number): { readonly unit: string; readonly from: (joules: number) => number } {
  const kwh = kwhFromJoules(energyJoules);
  if (kwh >= 10 * kilo) return { unit: 'MWh', from: (joules) => kwhFromJoules(joules) / kilo };
  if (kwh >= 0.1) return { unit: 'kWh', from: kwhFromJoules };
  return kwh >= 0.1 / kilo ? { unit: 'Wh', from: wattHoursFromJoules } : { unit: 'J', from: (joules) => joules };
}

/** '31.7 kWh (31.1 – 32.3)'; without bounds '31.7 kWh'; '≥' where part of it was not seen. */
export function energyText(energy: BoundedEnergy, locale: string, hasBounds = true): string {
  const { totalJoules, lowJoules, highJoules } = energy;
  if (totalJoules === null) return missing;
  const { unit, from } = energyScale(totalJoules);
  const value = from(totalJoules);
  const low = lowJoules === null ? value : from(lowJoules);
  const high = highJoules === null ? value : from(highJoules);
  const band = Math.max(value - low, high - value);
  const isKnown = band > value * 1e-9 && Number.isFinite(band);
  const decimals = isKnown ? bandDecimals(band) : threeDigitDecimals(value);
  const bound = energy.coverage < wholeCoverage ? `≥${narrowSpace}` : '';
  const text = `${bound}${numberText(value, decimals, locale)}${narrowSpace}${unit}`;
  if (!isKnown || !hasBounds) return text;
  const places = Math.max(0, decimals);
  const floor = Math.floor(low * 10 ** places + 1e-9) / 10 ** places;
  const ceiling = Math.ceil(high * 10 ** places - 1e-9) / 10 ** places;
  return `${text} (${numberText(floor, places, locale)} – ${numberText(ceiling, places, locale)})`;
}

/** '140 g CO₂e', '13.5 kg CO₂e'; null where nothing is known. */
export function emissionsText(gramsCO2e: number | null, locale: string): string | null {
  if (gramsCO2e === null) return null;
  const step = gramsCO2e >= kilo * kilo ? 2 : gramsCO2e >= kilo ? 1 : 0;
  const value = gramsCO2e / kilo ** step;
  const unit = ['g', 'kg', 't'][step] ?? 'g';
  return `${numberText(value, threeDigitDecimals(value), locale)}${narrowSpace}${unit} CO₂e`;
}

/** '€8.89', '€1,473', '< €0.01'; null without a price. */
export function moneyText(
  cost: { readonly amount: number | null; readonly currency: string } | null,
  locale: string,
): string | null {
  if (cost === null || cost.amount === null) return null;
  const digits = cost.amount >= kilo ? 0 : 2;
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: cost.currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  if (cost.amount > 0 && cost.amount < 0.005) return `<${narrowSpace}${format.format(0.01)}`;
  return format.format(cost.amount);
}

/** '4 s', '75 s', '52 min', '3 h 41 min', '2 d 4 h'. */
export function durationText(durationSeconds: number): string {
  const part = (value: number, unit: string): string => `${Math.floor(value)}${narrowSpace}${unit}`;
  const minutes = durationSeconds / 60;
  const hours = minutes / 60;
  if (durationSeconds < 120) return part(durationSeconds, 's');
  if (hours < 1) return part(minutes, 'min');
  if (hours < 24) return `${part(hours, 'h')} ${part(minutes % 60, 'min')}`;
  return `${part(hours / 24, 'd')} ${part(hours % 24, 'h')}`;
}
