import type { IntensityPoint } from '../../../shared/model/carbon.ts';
import { type GridReading, problemReading } from './grid-provider.ts';

/** The dirtiest plants, lignite by life cycle, stay under 1,300 g (UNECE 2021): more than twice that is no grid. */
const mostGramsPerKwh = 3000;
const longestPeriodMs = 25 * 3600 * 1000;
const oldestMs = Date.UTC(2000, 0, 1);

/** Points in order; the whole answer is refused for one that cannot be: what is wrong about one may be wrong about all. `latestMs`: nothing measured ends later. */
export function plausiblePoints(points: readonly IntensityPoint[], latestMs: number): GridReading {
  const sorted = points.toSorted((a, b) => a.fromMs - b.fromMs);
  let endMs = Number.NEGATIVE_INFINITY;
  for (const point of sorted) {
    const { fromMs, toMs, gramsCO2ePerKwh: grams } = point;
    if (!Number.isFinite(grams) || grams < 0 || grams > mostGramsPerKwh)
      return problemReading('wrong-answer', `It says ${grams} g CO2e/kWh, which no grid has.`);
    if (
      !Number.isFinite(fromMs) ||
      !Number.isFinite(toMs) ||
      toMs <= fromMs ||
      toMs - fromMs > longestPeriodMs ||
      fromMs < oldestMs
    )
      return problemReading('wrong-answer', 'It names a period that cannot be.');
    if (fromMs < endMs)
      return problemReading('wrong-answer', `Two of its periods overlap, at ${new Date(fromMs).toISOString()}.`);
    if (toMs > latestMs)
      return problemReading('wrong-answer', `It speaks of ${new Date(toMs).toISOString()}, which has not come yet.`);
    endMs = toMs;
  }
  return sorted.length === 0
    ? problemReading('no-data', 'It has no data for this time.')
    : { kind: 'points', points: sorted };
}

/** A JSON text; undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
