import type { MarkRecord } from '../store/records.ts';
import type { Moment } from './moment.ts';
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
}

/** Whole numbers are exact up to here, and nothing that is counted comes near. */
const mostCount = Number.MAX_SAFE_INTEGER;

export const isCount = (value: number): boolean => value >= 0 && value <= mostCount;

/** A count that falls below this share of the one before began anew; one that falls less came late from another rank. */
const restartRatio = 0.5;

/** The counts of one kind, as the best of those told it that told it. Null where nobody did. */
export function countSeries(marks: readonly MarkRecord[], kind: string): CountSeries | null {
  const nameless = new Map<string, number>();
  const told = marks.flatMap((mark) => {
    const value = mark.kind === kind ? countOf(mark, nameless) : null;
    return value === null || !isCount(value) ? [] : [{ mark, value }];
  });
  const source = bestSource(told.map(({ mark }) => mark.source));
  if (source === null) return null;
  const counts: CountMoment[] = [];
  let before = 0;
  for (const { mark, value } of told) {
    if (mark.source !== source) continue;
    const last = counts.at(-1);
    const sum = before + value;
    if (last !== undefined && sum <= last.value) {
      if (value >= (last.value - before) * restartRatio || sum === last.value) continue;
      before = last.value;
      if (value === 0) continue;
    }
    counts.push({ ...momentOf(mark), value: before + value, step: mark.step });
  }
  return { source, counts, base: baseOf(counts) };
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

/** A first count far beyond the step to the second was not made here. */
function baseOf([first, second]: readonly CountMoment[]): number {
  if (first === undefined || second === undefined) return 0;
  return first.value > 2 * (second.value - first.value) + 1 ? first.value : 0;
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
