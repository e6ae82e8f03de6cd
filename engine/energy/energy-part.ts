import type { CoursePoint } from './interval.ts';
import type { PowerSample } from './mean-power.ts';

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly joules: number;
  readonly samples: readonly PowerSample[];
  readonly course: readonly Pick<CoursePoint, 'atMs' | 'joules'>[];
}

/**
 * Share of a stretch's energy that lies between two moments of it, 0…1. Where instant samples tell how the power went, each stands for the time up to half way
 * to its neighbours; where its course is told, energy goes by time from one point of it to the next; else by time from beginning to end.
 */
export function energyPart(stretch: Stretch, fromMs: number, toMs: number): number {
  const spanMs = stretch.toMs - stretch.fromMs;
  if (spanMs <= 0) return 0;
  const timePart = Math.min(1, Math.max(0, (Math.min(toMs, stretch.toMs) - Math.max(fromMs, stretch.fromMs)) / spanMs));
  // The whole is the whole, whatever the samples say.
  if (timePart === 0 || timePart === 1) return timePart;
  if (stretch.samples.length < 2) return coursePart(stretch, fromMs, toMs) ?? timePart;
  let inside = 0;
  let all = 0;
  for (const [i, { atMs, watts }] of stretch.samples.entries()) {
    const before = stretch.samples[i - 1];
    const after = stretch.samples[i + 1];
    const startMs = before === undefined ? stretch.fromMs : clamp((before.atMs + atMs) / 2, stretch);
    const endMs = after === undefined ? stretch.toMs : clamp((atMs + after.atMs) / 2, stretch);
    all += watts * Math.max(0, endMs - startMs);
    inside += watts * Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs));
  }
  return all > 0 ? inside / all : timePart;
}

function coursePart(stretch: Stretch, fromMs: number, toMs: number): number | null {
  if (stretch.course.length === 0 || stretch.joules <= 0) return null;
  const inside = piecesOf(stretch).reduce((sum, piece) => {
    const insideMs = Math.min(piece.toMs, toMs) - Math.max(piece.fromMs, fromMs);
    return insideMs > 0 ? sum + (piece.joules * insideMs) / (piece.toMs - piece.fromMs) : sum;
  }, 0);
  return inside / stretch.joules;
}

type Piece = Pick<Stretch, 'fromMs' | 'toMs' | 'joules'>;

/** From one point of its course to the next, in the order of time; the whole where none is told. */
export function piecesOf({ fromMs, toMs, joules, course }: Stretch): readonly Piece[] {
  const points = [{ atMs: fromMs, joules: 0 }, ...course, { atMs: toMs, joules }];
  return points.slice(1).flatMap((point, i) => {
    const before = points[i] ?? point;
    const piece = { fromMs: before.atMs, toMs: point.atMs, joules: point.joules - before.joules };
    return piece.toMs > piece.fromMs ? [piece] : [];
  });
}

const clamp = (ms: number, { fromMs, toMs }: Pick<Stretch, 'fromMs' | 'toMs'>): number =>
  Math.min(toMs, Math.max(fromMs, ms));
