import type { IntensityPoint } from '../../../shared/model/carbon.ts';

/** Of the readings on record, those that new ones lie across and therefore take the place of, in part or whole. The same period read anew is none. Both in order, without overlaps. */
export function displacedPoints(
  known: readonly IntensityPoint[],
  points: readonly IntensityPoint[],
): readonly IntensityPoint[] {
  let next = 0;
  return known.filter((old) => {
    while ((points[next]?.toMs ?? Number.POSITIVE_INFINITY) <= old.fromMs) next++;
    const point = points[next];
    return point !== undefined && point.fromMs < old.toMs && !(point.fromMs === old.fromMs && point.toMs === old.toMs);
  });
}
