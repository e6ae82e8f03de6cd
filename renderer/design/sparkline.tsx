import type { ReactNode } from 'react';
import { sparkPaths } from './spark-paths.ts';

interface SparklineProps {
  /** Oldest first; null where nothing was read. */
  readonly values: readonly (number | null)[];
  /** Where each value stands, 0…1 of the width; evenly spaced where absent. */
  readonly positions?: readonly number[] | undefined;
  /** One scale a column: the same for every row. */
  readonly max: number;
  readonly min?: number;
  readonly color: string;
  readonly label: string;
  readonly height?: number;
}

/** A trend as a plain path: filled at 22 %, holes hatched grey. */
export function Sparkline({ values, positions, max, min = 0, color, label, height = 16 }: SparklineProps): ReactNode {
  const paths = sparkPaths(values, { min, max, width: 120, height: 20, positions });
  return (
    <svg
      className="spark"
      viewBox="0 0 120 20"
      preserveAspectRatio="none"
      style={{ height }}
      role="img"
      aria-label={label}
    >
      {paths.holes.map((hole) => (
        <rect key={hole.x} x={hole.x} width={hole.width} height={20} className="spark-hole" />
      ))}
      {paths.areas.map((d) => (
        <path key={d} d={d} style={{ fill: color, opacity: 0.22 }} />
      ))}
      {paths.lines.map((d) => (
        <path
          key={d}
          d={d}
          vectorEffect="non-scaling-stroke"
          style={{ fill: 'none', stroke: color, strokeWidth: 1.2 }}
        />
      ))}
    </svg>
  );
}
