import { secondsFromMs } from '../../shared/units.ts';
import { cutVarianceAt } from '../energy/bounds.ts';
import { energyPart } from '../energy/energy-part.ts';
import type { Interval } from '../energy/interval.ts';
import type { CurvePoint } from '../store/records.ts';

/** A run's share of a stretch of one domain. Times monotonic. */
export interface CurvePiece {
  readonly fromMs: number;
  readonly toMs: number;
  readonly joules: number;
  readonly lowJoules: number;
  readonly highJoules: number;
}

interface HeldPiece extends CurvePiece {
  readonly interval: Interval;
  /** The run's share of the whole domain in it. */
  readonly share: number;
  readonly varianceJoules2: number;
}

/** How a run's energy grew lately. Mutable: it lives as long as the run. */
export interface RunCurve {
  pieces: HeldPiece[];
  /** What sampling left open of all pieces there ever were, in J². */
  varianceJoules2: number;
  /** Monotonic: before it not all pieces are here. */
  completeFromMs: number;
}

export const createRunCurve = (completeFromMs: number): RunCurve => ({
  pieces: [],
  varianceJoules2: 0,
  completeFromMs,
});

export function addPiece(curve: RunCurve, interval: Interval, piece: CurvePiece): void {
  const { fromMs, toMs, joules, lowJoules, highJoules } = piece;
  if (joules <= 0) return;
  const part = energyPart(interval, fromMs, toMs);
  const wholeJoules = interval.joules * part;
  const share = wholeJoules > 0 ? Math.min(1, joules / wholeJoules) : 0;
  const varianceJoules2 = interval.varianceJoules2 * (share * part) ** 2;
  curve.pieces.push({ interval, fromMs, toMs, joules, lowJoules, highJoules, share, varianceJoules2 });
  curve.varianceJoules2 += varianceJoules2;
}

/** Thousands of pieces are not gone through every second. */
const trimEveryMs = 10_000;

/** Lets go of what ended before then, now and then: some of it stays a little longer. */
export function trimCurve(curve: RunCurve, beforeMs: number): void {
  if (beforeMs < curve.completeFromMs + trimEveryMs) return;
  curve.pieces = curve.pieces.filter((piece) => piece.toMs > beforeMs);
  curve.completeFromMs = beforeMs;
}

/** A run's sums now: what the curve's newest end stands at. */
export type CurveEnd = Pick<CurvePoint, 'joules' | 'lowJoules' | 'highJoules'>;

/**
 * The run's energy from its start to a moment: its sums now, less what it had later. A piece that the moment lies in is cut as a run's end would cut it.
 * Null for moments of which not all pieces are here.
 */
export function pointAt(curve: RunCurve, end: CurveEnd, atMs: number): CurvePoint | null {
  if (atMs < curve.completeFromMs) return null;
  let [joules, lowJoules, highJoules] = [end.joules, end.lowJoules, end.highJoules];
  let { varianceJoules2 } = curve;
  let cutJoules2 = 0;
  let periodSeconds = 0;
  for (const piece of curve.pieces) {
    if (piece.toMs <= atMs) continue;
    const later = laterPart(piece, atMs);
    joules -= piece.joules * later;
    lowJoules -= piece.lowJoules * later;
    highJoules -= piece.highJoules * later;
    varianceJoules2 -= piece.varianceJoules2 * later;
    if (piece.fromMs >= atMs) continue;
    const { interval } = piece;
    cutJoules2 += cutVarianceAt(interval, atMs) * piece.share ** 2;
    periodSeconds = Math.max(periodSeconds, secondsFromMs(interval.toMs - interval.fromMs));
  }
  return {
    joules: Math.max(0, joules),
    lowJoules: Math.max(0, lowJoules),
    highJoules: Math.max(0, highJoules),
    varianceJoules2: Math.max(0, varianceJoules2),
    cutJoules2,
    periodSeconds,
  };
}

function laterPart({ interval, fromMs, toMs }: HeldPiece, atMs: number): number {
  if (atMs <= fromMs) return 1;
  const whole = energyPart(interval, fromMs, toMs);
  return whole > 0 ? Math.min(1, energyPart(interval, atMs, toMs) / whole) : 0;
}
