import type { ReactNode } from 'react';
import { type SeriesColor, tintPercent } from './series.ts';

/** The square before a name that carries a run's colour; grey for nobody. */
export function KeySwatch({
  color,
  tint,
}: {
  readonly color: SeriesColor | 'none';
  readonly tint?: number;
}): ReactNode {
  if (color === 'none') return <i className="key" />;
  const fill =
    tint === undefined ? `var(--${color})` : `color-mix(in oklab, var(--${color}) ${tintPercent(tint)}%, var(--tint))`;
  return <i className="key" style={{ background: fill, boxShadow: `inset 0 0 0 1px var(--${color})` }} />;
}

/** Hatched: what nobody reads. */
export function GapSwatch(): ReactNode {
  return <i className="gapmark" />;
}
