import type { LiveProgress } from '../../shared/model/progress.ts';
import type { CurvePoint, NewMark } from '../store/records.ts';
import { isCount } from './count-series.ts';
import { sourceRank } from './source-rank.ts';

/** How far the runs that are on have come. */
export interface LiveCounts {
  add(runId: string, mark: NewMark): void;
  /** The energy of a mark at that moment is known. */
  settle(runId: string, atMs: number, point: CurvePoint): void;
  read(runId: string): LiveProgress | null;
  forget(runId: string): void;
}

interface Count {
  readonly atMs: number;
  readonly value: number;
  joules: number | null;
}

interface Series {
  readonly source: string;
  readonly counts: Count[];
  /** Where the counts begin that are held: those before are let go of many at a time. */
  from: number;
  /** Those without an energy yet, by their moment. */
  readonly open: Map<number, Count[]>;
}

/** What is told the oftenest first. */
const followed = ['step', 'tokens', 'loss', 'epoch'] as const;
/** What one takes lately is a mean over this long. */
const latelyMs = 60_000;

export function createLiveCounts(): LiveCounts {
  const runs = new Map<string, Map<string, Series>>();

  return {
    add(runId, mark) {
      const { kind, value, source, atMs } = mark;
      if (value === null || !(followed as readonly string[]).includes(kind)) return;
      if (kind !== 'loss' && !isCount(value)) return;
      const series = runs.get(runId) ?? new Map<string, Series>();
      runs.set(runId, series);
      const known = series.get(kind);
      if (known !== undefined && sourceRank(known.source) < sourceRank(source)) return;
      const isBetter = known === undefined || sourceRank(source) < sourceRank(known.source);
      const kept = isBetter ? { source, counts: [], from: 0, open: new Map() } : known;
      addCount(kept, { atMs, value, joules: null });
      series.set(kind, kept);
    },
    settle(runId, atMs, point) {
      for (const { open } of runs.get(runId)?.values() ?? []) {
        for (const count of open.get(atMs) ?? []) count.joules = point.joules;
        open.delete(atMs);
      }
    },
    read(runId) {
      const series = runs.get(runId);
      if (series === undefined) return null;
      const newest = (kind: string): number | null => series.get(kind)?.counts.at(-1)?.value ?? null;
      const oftenest = followed.flatMap((kind) => series.get(kind) ?? [])[0];
      return {
        step: newest('step'),
        epoch: newest('epoch'),
        loss: newest('loss'),
        joulesPerStep: joulesEach(series.get('step')),
        joulesPerToken: joulesEach(series.get('tokens')),
        countedAtMs: oftenest?.counts.at(-1)?.atMs ?? null,
      };
    },
    forget: (runId) => void runs.delete(runId),
  };
}

function addCount(series: Series, count: Count): void {
  const { counts, open } = series;
  counts.push(count);
  if (!open.get(count.atMs)?.push(count)) open.set(count.atMs, [count]);
  // One from before the window stays: it is what the newest is set against.
  while (counts.length - series.from > 2 && (counts[series.from + 1]?.atMs ?? 0) < count.atMs - latelyMs) series.from++;
  if (series.from < counts.length / 2) return;
  counts.splice(0, series.from);
  series.from = 0;
}

function joulesEach(series: Series | undefined): number | null {
  if (series === undefined) return null;
  const isKnown = ({ joules }: Count): boolean => joules !== null;
  const first = series.counts.find((count, i) => i >= series.from && isKnown(count));
  const last = series.counts.findLast((count, i) => i >= series.from && isKnown(count));
  if (first === undefined || last === undefined || last.value <= first.value) return null;
  return ((last.joules ?? 0) - (first.joules ?? 0)) / (last.value - first.value);
}
