export interface SparkScale {
  readonly min: number;
  readonly max: number;
  readonly width: number;
  readonly height: number;
  /** Where each value stands, as a share of the width; evenly spaced where absent. */
  readonly positions?: readonly number[] | undefined;
}

export interface SparkPaths {
  readonly lines: readonly string[];
  readonly areas: readonly string[];
  readonly holes: readonly { readonly x: number; readonly width: number }[];
}

/** Path data for each unbroken stretch of values, and a box for each hole between two stretches. */
export function sparkPaths(values: readonly (number | null)[], scale: SparkScale): SparkPaths {
  const step = values.length > 1 ? scale.width / (values.length - 1) : 0;
  const x = (index: number): number => {
    const position = scale.positions?.[index];
    return position === undefined ? index * step : position * scale.width;
  };
  const y = (value: number): number =>
    scale.height - 1 - ((value - scale.min) / (scale.max - scale.min || 1)) * (scale.height - 3);
  const lines: string[] = [];
  const areas: string[] = [];
  const holes: { x: number; width: number }[] = [];
  let points: string[] = [];
  let startIndex = 0;
  let holeFrom: number | null = null;

  const close = (endIndex: number): void => {
    if (points.length === 0) return;
    const line = points.join('L');
    lines.push(`M${line}`);
    areas.push(`M${fixed(x(startIndex))} ${scale.height}L${line}L${fixed(x(endIndex))} ${scale.height}Z`);
    points = [];
  };
  values.forEach((value, index) => {
    if (value === null) {
      close(index - 1);
      // Before the first value nothing is known to be missing: only a hole after a reading is a gap.
      if (lines.length > 0) holeFrom ??= Math.max(0, index - 1);
      return;
    }
    if (points.length === 0) startIndex = index;
    if (holeFrom !== null) holes.push({ x: x(holeFrom), width: x(index) - x(holeFrom) });
    holeFrom = null;
    points.push(`${fixed(x(index))} ${fixed(y(value))}`);
  });
  close(values.length - 1);
  if (holeFrom !== null) holes.push({ x: x(holeFrom), width: x(values.length - 1) - x(holeFrom) });
  return { lines, areas, holes };
}

const fixed = (value: number): string => value.toFixed(1);
