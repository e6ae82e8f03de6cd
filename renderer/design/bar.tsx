import type { ReactNode } from 'react';

interface BarOfLimitProps {
  /** 0…1 of the limit; more than 1 is drawn full. Null draws an empty track. */
  readonly ratio: number | null;
  readonly color: string;
  readonly label: string;
  readonly height?: number;
}

export function BarOfLimit({ ratio, color, label, height = 8 }: BarOfLimitProps): ReactNode {
  const width = ratio === null ? 0 : Math.min(1, Math.max(0, ratio)) * 100;
  return (
    <span className="bar" role="img" aria-label={label} style={{ height }}>
      <i style={{ width: `${width}%`, background: color }} />
    </span>
  );
}

interface BoundsBarProps {
  readonly low: number;
  readonly value: number;
  readonly high: number;
  /** What the full width stands for. */
  readonly max: number;
  readonly label: string;
  readonly color?: string;
}

/** A bar to true scale with its bounds as caps: for columns of energies that one compares by eye. */
export function BoundsBar({ low, value, high, max, label, color = 'var(--none)' }: BoundsBarProps): ReactNode {
  const percent = (at: number): number => (max > 0 ? Math.min(100, Math.max(0, (at / max) * 100)) : 0);
  return (
    <span className="bar bounds" role="img" aria-label={label}>
      <i style={{ width: `${percent(value)}%`, background: color }} />
      <em style={{ left: `${percent(low)}%`, width: `${Math.max(0, percent(high) - percent(low))}%` }} />
    </span>
  );
}

/** A bar that only says how far something is: an export, a run against its plan. */
export function ProgressBar({ ratio, label }: { readonly ratio: number; readonly label: string }): ReactNode {
  return <BarOfLimit ratio={ratio} color="var(--accent)" label={label} height={4} />;
}
