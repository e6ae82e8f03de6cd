import type { LiveProgress } from '../../shared/model/progress.ts';
import type { CurvePoint, NewMark } from '../store/records.ts';
import { isCount } from './count-series.ts';
import { sourceRank } from './source-rank.ts';

/** How far the runs that are on have come. */
export interface LiveCounts {
  add(runId: string, mark: NewMark, point: CurvePoint | null): void;
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
  source: string;
  counts: Count[];
}

const followed = ['step', 'epoch', 'loss', 'tokens'] as const;
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
      const counts = isBetter ? [] : known.counts;
      counts.push({ atMs, value, joules: null });
      // One from before the window stays: it is what the newest is set against.
      while (counts.length > 2 && (counts[1]?.atMs ?? 0) < atMs - latelyMs) counts.shift();
      series.set(kind, { source, counts });
    },
    settle(runId, atMs, point) {
      for (const { counts } of runs.get(runId)?.values() ?? [])
        for (const count of counts) if (count.atMs === atMs) count.joules = point.joules;
    },
    read(runId) {
      const series = runs.get(runId);
      if (series === undefined) return null;
      const newest = (kind: string): number | null => series.get(kind)?.counts.at(-1)?.value ?? null;
      return {
        step: newest('step'),
        epoch: newest('epoch'),
        loss: newest('loss'),
        joulesPerStep: joulesEach(series.get('step')),
        joulesPerToken: joulesEach(series.get('tokens')),
      };
    },
    forget: (runId) => void runs.delete(runId),
  };
}

function joulesEach(series: Series | undefined): number | null {
  const known = series?.counts.filter((count) => count.joules !== null) ?? [];
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined || last.value <= first.value) return null;
  return ((last.joules ?? 0) - (first.joules ?? 0)) / (last.value - first.value);
}
