import { secondsFromMs } from '../../shared/units.ts';
import { type CutInterval, cutVarianceAt } from '../energy/bounds.ts';
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
  readonly interval: CutInterval;
  /** The run's share of the whole domain in it. */
  readonly share: number;
  readonly varianceJoules2: number;
}

/** How the power went within an interval, where more than its beginning and end tell. */
type Detail = Pick<Interval, 'samples' | 'course'>;
const noDetail: Detail = { samples: [], course: [] };

/**
 * Columns of a piece: its own, and its interval's. As objects, the thousands that are held would be old when they are let go of, and only going through the
 * whole heap frees what is old.
 */
const columns = {
  fromMs: 0,
  toMs: 1,
  joules: 2,
  lowJoules: 3,
  highJoules: 4,
  share: 5,
  varianceJoules2: 6,
  intervalFromMs: 7,
  intervalToMs: 8,
  intervalJoules: 9,
  lowWatts: 10,
  highWatts: 11,
  lagSeconds: 12,
} as const;
const columnCount = Object.keys(columns).length;
const firstRoom = 64;

/** How a run's energy grew lately. Mutable: it lives as long as the run. */
export interface RunCurve {
  /** Row by row; there is room for more than `details` has. */
  numbers: Float64Array;
  /** One a piece. */
  details: Detail[];
  /** What sampling left open of all pieces there ever were, in J². */
  varianceJoules2: number;
  /** Monotonic: before it not all pieces are here. */
  completeFromMs: number;
}

export const createRunCurve = (completeFromMs: number): RunCurve => ({
  numbers: new Float64Array(firstRoom * columnCount),
  details: [],
  varianceJoules2: 0,
  completeFromMs,
});

/** A piece below zero takes away what one before it gave. */
export function addPiece(curve: RunCurve, interval: Interval, piece: CurvePiece): void {
  const { fromMs, toMs, joules, lowJoules, highJoules } = piece;
  if (joules === 0) return;
  const part = energyPart(interval, fromMs, toMs);
  const wholeJoules = interval.joules * part;
  const share = wholeJoules > 0 ? Math.max(-1, Math.min(1, joules / wholeJoules)) : 0;
  const varianceJoules2 = interval.varianceJoules2 * share * Math.abs(share) * part ** 2;
  const at = roomForOne(curve);
  const { numbers } = curve;
  numbers[at + columns.fromMs] = fromMs;
  numbers[at + columns.toMs] = toMs;
  numbers[at + columns.joules] = joules;
  numbers[at + columns.lowJoules] = lowJoules;
  numbers[at + columns.highJoules] = highJoules;
  numbers[at + columns.share] = share;
  numbers[at + columns.varianceJoules2] = varianceJoules2;
  numbers[at + columns.intervalFromMs] = interval.fromMs;
  numbers[at + columns.intervalToMs] = interval.toMs;
  numbers[at + columns.intervalJoules] = interval.joules;
  numbers[at + columns.lowWatts] = interval.lowWatts;
  numbers[at + columns.highWatts] = interval.highWatts;
  numbers[at + columns.lagSeconds] = interval.lagSeconds;
  const { samples, course } = interval;
  curve.details.push(samples.length + course.length === 0 ? noDetail : { samples, course });
  curve.varianceJoules2 += varianceJoules2;
}

/** Where the next piece goes. */
function roomForOne(curve: RunCurve): number {
  const at = curve.details.length * columnCount;
  if (at < curve.numbers.length) return at;
  const larger = new Float64Array(2 * curve.numbers.length);
  larger.set(curve.numbers);
  curve.numbers = larger;
  return at;
}

function pieceAt({ numbers, details }: RunCurve, index: number): HeldPiece {
  const column = (name: keyof typeof columns): number => numbers[index * columnCount + columns[name]] ?? 0;
  return {
    fromMs: column('fromMs'),
    toMs: column('toMs'),
    joules: column('joules'),
    lowJoules: column('lowJoules'),
    highJoules: column('highJoules'),
    share: column('share'),
    varianceJoules2: column('varianceJoules2'),
    interval: {
      fromMs: column('intervalFromMs'),
      toMs: column('intervalToMs'),
      joules: column('intervalJoules'),
      lowWatts: column('lowWatts'),
      highWatts: column('highWatts'),
      lagSeconds: column('lagSeconds'),
      ...(details[index] ?? noDetail),
    },
  };
}

const endsAfter = ({ numbers }: RunCurve, index: number, atMs: number): boolean =>
  (numbers[index * columnCount + columns.toMs] ?? 0) > atMs;

/** Thousands of pieces are not gone through every second. */
const trimEveryMs = 10_000;

/** Lets go of what ended before then, now and then: some of it stays a little longer. */
export function trimCurve(curve: RunCurve, beforeMs: number): void {
  if (beforeMs < curve.completeFromMs + trimEveryMs) return;
  const { numbers, details } = curve;
  let kept = 0;
  for (const [index, detail] of details.entries()) {
    if (!endsAfter(curve, index, beforeMs)) continue;
    numbers.copyWithin(kept * columnCount, index * columnCount, (index + 1) * columnCount);
    details[kept] = detail;
    kept++;
  }
  details.length = kept;
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
  for (const index of curve.details.keys()) {
    if (!endsAfter(curve, index, atMs)) continue;
    const piece = pieceAt(curve, index);
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
