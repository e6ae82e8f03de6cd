import type { IntensityPoint, IntensityShare, PriceShare } from '../../shared/model/carbon.ts';
import type { CarbonFactor, Price } from '../../shared/model/run.ts';
import { createTariffPrice, type Tariff } from '../../shared/model/tariff.ts';
import { kwhFromJoules } from '../../shared/units.ts';
import { costFromJoules, emissionsFromJoules } from './carbon.ts';

/** Energy drawn evenly over a span. */
export interface EnergySlice {
  readonly fromMs: number;
  readonly toMs: number;
  readonly joules: number;
}

/** Slices sum to the total up to rounding: more than this of it is energy whose time is not known. */
const roundingRatio = 1e-6;
const minuteMs = 60_000;

/** Slices whose sum is the total. `restJoules`: what no slice tells the time of. */
function fitted(
  slices: readonly EnergySlice[],
  totalJoules: number,
): { readonly scale: number; readonly restJoules: number } {
  const sum = slices.reduce((joules, slice) => joules + slice.joules, 0);
  const rest = totalJoules - sum;
  if (sum > 0 && rest < totalJoules * roundingRatio) return { scale: totalJoules / sum, restJoules: 0 };
  return { scale: 1, restJoules: Math.max(0, rest) };
}

/**
 * Σ energy × intensity at its time × PUE. `points` are in order and do not overlap; a slice that reaches over a point's end is cut there, its energy
 * spread evenly. Energy at a time without a point, and energy whose time is not known, counts by the flat factor and is named so.
 */
export function emissionsOverTime(input: {
  readonly slices: readonly EnergySlice[];
  readonly totalJoules: number;
  readonly points: readonly IntensityPoint[];
  readonly factor: CarbonFactor;
}): { readonly gramsCO2e: number; readonly byIntensity: readonly IntensityShare[] } {
  const { slices, totalJoules, points, factor } = input;
  const { scale, restJoules } = fitted(slices, totalJoules);
  const sums = new Map<string, { point: IntensityPoint | null; joules: number; grams: number }>();
  const add = (point: IntensityPoint | null, joules: number): void => {
    if (joules <= 0) return;
    const key = point === null ? '' : `${point.source}\n${point.kind}\n${point.isEstimated}`;
    const intensity = point?.gramsCO2ePerKwh ?? factor.intensityGramsCO2ePerKwh;
    const sum = sums.get(key) ?? { point, joules: 0, grams: 0 };
    sum.joules += joules;
    sum.grams += emissionsFromJoules(joules, { ...factor, intensityGramsCO2ePerKwh: intensity });
    sums.set(key, sum);
  };
  add(null, restJoules);
  for (const slice of slices) {
    const joules = slice.joules * scale;
    const spanMs = slice.toMs - slice.fromMs;
    if (spanMs <= 0) {
      add(points[firstEndingAfter(points, slice.toMs - 1)] ?? null, joules);
      continue;
    }
    let coveredMs = 0;
    for (let i = firstEndingAfter(points, slice.fromMs); i < points.length; i++) {
      const point = points[i];
      if (point === undefined || point.fromMs >= slice.toMs) break;
      const partMs = Math.min(point.toMs, slice.toMs) - Math.max(point.fromMs, slice.fromMs);
      coveredMs += partMs;
      add(point, (joules * partMs) / spanMs);
    }
    add(null, (joules * (spanMs - coveredMs)) / spanMs);
  }
  const byIntensity = [...sums.values()]
    .sort((a, b) => b.joules - a.joules)
    .map(({ point, joules, grams }) => ({
      source: point?.source ?? factor.intensitySource,
      kind: point?.kind ?? ('average' as const),
      isEstimated: point?.isEstimated ?? false,
      isFallback: point === null,
      joules,
      energyRatio: totalJoules > 0 ? Math.min(1, joules / totalJoules) : 0,
      gramsCO2e: grams,
      intensityGramsCO2ePerKwh: grams / kwhFromJoules(joules) / factor.pue,
    }));
  return { gramsCO2e: byIntensity.reduce((sum, share) => sum + share.gramsCO2e, 0), byIntensity };
}

/** Index of the first point that ends after a moment; binary search. */
function firstEndingAfter(points: readonly IntensityPoint[], atMs: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.toMs ?? 0) > atMs) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Σ energy × price at its time. Slices are cut at whole minutes, where tariffs change; energy whose time is not known counts by the flat price. */
export function costOverTime(input: {
  readonly slices: readonly EnergySlice[];
  readonly totalJoules: number;
  readonly price: Price;
  readonly tariff: Tariff;
}): { readonly amount: number; readonly byPrice: readonly PriceShare[] } {
  const { slices, totalJoules, price } = input;
  const { scale, restJoules } = fitted(slices, totalJoules);
  const priceAt = createTariffPrice(price.pricePerKwh, input.tariff);
  const sums = new Map<string, { label: string; pricePerKwh: number; joules: number }>();
  const add = (label: string, pricePerKwh: number, joules: number): void => {
    if (joules <= 0) return;
    const key = `${pricePerKwh}\n${label}`;
    const sum = sums.get(key) ?? { label, pricePerKwh, joules: 0 };
    sum.joules += joules;
    sums.set(key, sum);
  };
  add('', price.pricePerKwh, restJoules);
  for (const slice of slices) {
    const spanMs = Math.max(1, slice.toMs - slice.fromMs);
    const firstMs = Math.min(slice.fromMs, slice.toMs - 1);
    for (let fromMs = firstMs; fromMs < slice.toMs; ) {
      const toMs = Math.min(slice.toMs, (Math.floor(fromMs / minuteMs) + 1) * minuteMs);
      const { label, pricePerKwh } = priceAt(fromMs);
      add(label, pricePerKwh, (slice.joules * scale * (toMs - fromMs)) / spanMs);
      fromMs = toMs;
    }
  }
  const byPrice = [...sums.values()]
    .sort((a, b) => b.joules - a.joules)
    .map(({ label, pricePerKwh, joules }) => ({
      label,
      pricePerKwh,
      joules,
      energyRatio: totalJoules > 0 ? Math.min(1, joules / totalJoules) : 0,
      amount: costFromJoules(joules, { ...price, pricePerKwh }),
    }));
  return { amount: byPrice.reduce((sum, share) => sum + share.amount, 0), byPrice };
}
