import type { MarkRecord } from '../store/records.ts';
import type { Moment } from './moment.ts';
import { createRunningCount } from './running-count.ts';
import { bestSource } from './source-rank.ts';

/** A count at a moment, growing from one to the next. */
export interface CountMoment extends Moment {
  readonly value: number;
  /** Steps done, where the mark says so. */
  readonly step: number | null;
}

export interface CountSeries {
  readonly source: string;
  readonly counts: readonly CountMoment[];
  /** What was counted before this run: of a training that was resumed. */
  readonly base: number;
  /** When it began anew, in Unix milliseconds: from the first time on it is more than what the marks say. */
  readonly anewMs: readonly number[];
}

/** Whole numbers are exact up to here, and nothing that is counted comes near. */
const mostCount = Number.MAX_SAFE_INTEGER;

export const isCount = (value: number): boolean => value >= 0 && value <= mostCount;

/** The counts of one kind, as the best of those told it that told it. Null where nobody did. */
export function countSeries(marks: readonly MarkRecord[], kind: string): CountSeries | null {
  const nameless = new Map<string, number>();
  const told = marks.flatMap((mark) => {
    const value = mark.kind === kind ? countOf(mark, nameless) : null;
    return value === null || !isCount(value) ? [] : [{ mark, value }];
  });
  const source = sourceOf(marks, kind, new Set(told.map(({ mark }) => mark.source)));
  if (source === null) return null;
  const running = createRunningCount({ isShared: kind !== 'epoch', isSlow: kind === 'epoch' });
  const stepsAnewMs = kind === 'epoch' ? (countSeries(marks, 'step')?.anewMs ?? []) : [];
  const counts: CountMoment[] = [];
  const anewMs: number[] = [];
  let lastMs = Number.POSITIVE_INFINITY;
  for (const { mark, value } of told) {
    if (mark.source !== source) continue;
    const before = running.totalOf(0);
    const isAnew = stepsAnewMs.some((atMs) => atMs > lastMs && atMs <= mark.atMs);
    const total = running.take(value, { epoch: kind === 'epoch' ? null : mark.epoch, isAnew });
    lastMs = mark.atMs;
    if (running.totalOf(0) > before) anewMs.push(mark.atMs);
    if (total !== null) counts.push({ ...momentOf(mark), value: total, step: mark.step });
  }
  return { source, counts, base: baseOf(counts, kind), anewMs };
}

function sourceOf(marks: readonly MarkRecord[], kind: string, sources: ReadonlySet<string>): string | null {
  const best = bestSource(sources);
  if (kind !== 'step' || best === null || !best.startsWith('file:') || sources.size === 1) return best;
  const others = marks.filter(({ source }) => source !== best);
  return isByEpoch(marks, best, countSeries(others, 'epoch'))
    ? bestSource([...sources].filter((one) => one !== best))
    : best;
}

/** A file whose steps are epochs: scalars written once in each, `add_scalar('loss', loss, epoch)`. */
function isByEpoch(marks: readonly MarkRecord[], source: string, epochs: CountSeries | null): boolean {
  let steps = 0;
  for (const mark of marks)
    if (mark.source === source && mark.kind === 'step') steps = Math.max(steps, mark.value ?? 0);
  const done = epochs?.counts.at(-1)?.value;
  // The last epoch may not have been over yet.
  return done !== undefined && Math.abs(steps - done) <= 1;
}

export const momentOf = ({ atMs, joules, point }: MarkRecord): Moment => ({ atMs, joules, point });

/** An epoch's mark may say its number in words alone: 'epoch 3'; and one that says none is the next of its source. */
function countOf({ kind, value, label, source }: MarkRecord, nameless: Map<string, number>): number | null {
  if (value !== null) return value;
  if (kind !== 'epoch' && kind !== 'step') return null;
  const inWords = /\d+/.exec(label);
  const count = inWords === null ? (nameless.get(source) ?? 0) + 1 : Number(inWords[0]);
  nameless.set(source, count);
  return count;
}

/** What was counted elsewhere: what the first mark says to be so before a step was done here, or all but the distance to the second of epochs; a first count far beyond it. */
function baseOf([first, second]: readonly CountMoment[], kind: string): number {
  if (first === undefined) return 0;
  if (first.step === 0) return first.value;
  if (second === undefined) return 0;
  const apart = second.value - first.value;
  if (kind === 'epoch') return Math.max(0, first.value - apart);
  return first.value > 2 * apart + 1 ? first.value : 0;
}

/** The count at a moment, between the marks around it; null before the first and where there are none. */
export function countAt(series: CountSeries | null, atMs: number): number | null {
  if (series === null) return null;
  const after = series.counts.findIndex((count) => count.atMs > atMs);
  const last = after < 0 ? series.counts.at(-1) : series.counts[after - 1];
  const next = after < 0 ? undefined : series.counts[after];
  if (last === undefined) return next === undefined ? null : series.base;
  if (next === undefined || next.atMs <= last.atMs) return last.value;
  return Math.round(last.value + ((next.value - last.value) * (atMs - last.atMs)) / (next.atMs - last.atMs));
}
