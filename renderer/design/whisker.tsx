import type { ReactNode } from 'react';

interface WhiskerProps {
  readonly low: number;
  readonly value: number;
  readonly high: number;
  /** Both ends in words; without them only the drawing. */
  readonly lowText?: string;
  readonly highText?: string;
  readonly width?: number;
  /** A true scale for tables: both ends of the column. Without it the whisker fills its width. */
  readonly scale?: { readonly from: number; readonly to: number };
}

/** Caps at low and high, a dot at the value. */
export function Whisker({ low, value, high, lowText, highText, width = 104, scale }: WhiskerProps): ReactNode {
  const from = scale?.from ?? low;
  const to = scale?.to ?? high;
  const x = (at: number): number => 2.5 + ((at - from) / (to - from || 1)) * (width - 5);
  return (
    <span className="whisker">
      {lowText !== undefined && <span>{lowText}</span>}
      <svg width={width} height={8} aria-hidden="true">
        <path d={`M${x(low)} 4H${x(high)}M${x(low)} .5v7M${x(high)} .5v7`} />
        <circle cx={x(value)} cy={4} r={2.5} />
      </svg>
      {highText !== undefined && <span>{highText}</span>}
    </span>
  );
}
