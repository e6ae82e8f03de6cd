import { isSummed } from '../../shared/model/domain.ts';
import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import type { PowerLine } from './document.ts';
import type { ExportRun } from './export-format.ts';

/** As many as a page's width tells apart. */
const buckets = 240;

/** Power of the domains that the run used, summed, in equal parts of its time: the mean and the highest. Its rows are read once and none is kept. */
export function powerLineOf({ report, timeSeries }: ExportRun): PowerLine | null {
  const { run, energy } = report;
  const used = new Set(
    energy.domains.filter(({ kind, runJoules }) => isSummed(kind) && (runJoules ?? 0) > 0).map(({ id }) => id),
  );
  const startedMs = Date.parse(run.startedAt);
  // With what lay between runs that were merged.
  const spanMs = run.endedAt === null ? msFromSeconds(run.durationSeconds) : Date.parse(run.endedAt) - startedMs;
  if (used.size === 0 || spanMs <= 0) return null;
  const sums = new Float64Array(buckets);
  const counts = new Uint32Array(buckets);
  const highest = new Float64Array(buckets);
  let atMs = Number.NaN;
  let watts: number | null = null;
  const close = (): void => {
    if (watts === null) return;
    const bucket = Math.min(buckets - 1, Math.max(0, Math.floor(((atMs - startedMs) / spanMs) * buckets)));
    sums[bucket] = (sums[bucket] ?? 0) + watts;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    highest[bucket] = Math.max(highest[bucket] ?? 0, watts);
    watts = null;
  };
  for (const row of timeSeries()) {
    if (row.atMs !== atMs) {
      close();
      atMs = row.atMs;
    }
    if (row.powerWatts !== null && used.has(row.domainId)) watts = (watts ?? 0) + row.powerWatts;
  }
  close();
  if (!counts.some((count) => count > 0)) return null;
  const known = Array.from(counts, (count) => count > 0);
  // Samples further apart than a bucket leave holes that are none: a bucket between two close ones is theirs.
  const filled = bridge(
    known,
    Array.from(sums, (sum, i) => sum / Math.max(1, counts[i] ?? 1)),
  );
  return { seconds: secondsFromMs(spanMs), mean: filled, max: bridge(known, Array.from(highest)) };
}

/** Holes as wide as the usual distance between readings take the value before them; wider ones stay holes. */
function bridge(known: readonly boolean[], values: readonly number[]): readonly (number | null)[] {
  const count = known.filter(Boolean).length;
  const usual = Math.ceil(known.length / Math.max(1, count)) * 2;
  let last = Number.NEGATIVE_INFINITY;
  return values.map((value, index) => {
    if (known[index] === true) {
      last = index;
      return value;
    }
    const next = known.indexOf(true, index);
    return next >= 0 && next - last <= usual ? (values[last] ?? null) : null;
  });
}
