/** A counter's step as looks saw it: some time in `gapMs`, of which `atMs` is the middle. */
export interface SeenStep {
  readonly atMs: number;
  readonly gapMs: number;
  /** What it stood at before, and from then on. */
  readonly from: number;
  readonly to: number;
}

/** Two steps tell the period where looks leave less than this part of it open. */
const mostOpenRatio = 0.25;

/**
 * Milliseconds from one step of a counter to the next, its period; null where steps between them were missed, or where looks that came late leave it open: one of
 * every millisecond that is looked at every twelve steps at each look, which tells of the looks. What is closer than `closeMs` is as close as looks can tell.
 */
export function stepPeriodMs(before: SeenStep, step: SeenStep, closeMs: number): number | null {
  const apartMs = step.atMs - before.atMs;
  const openMs = (before.gapMs + step.gapMs) / 2;
  const isNext = step.from === before.to;
  return apartMs <= closeMs || (isNext && openMs <= mostOpenRatio * apartMs) ? apartMs : null;
}
