import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History } from '../../shared/model/history.ts';
import { alignPower, type RunHistory } from './aligned-power.ts';

function run(startMs: number, bucketSeconds: number, watts: readonly (number | null)[]): RunHistory {
  const column = [...watts];
  const history: History = {
    fromMs: startMs,
    toMs: startMs + bucketSeconds * 1000 * watts.length,
    bucketSeconds,
    isReduced: false,
    timesMs: watts.map((_, index) => startMs + (index + 1) * bucketSeconds * 1000),
    series: [{ key: 'total', min: column, max: column, mean: column }],
    gaps: [],
    runs: [],
    alerts: [],
    marks: [],
  };
  return { startMs, history };
}

describe('alignPower', () => {
  it('shifts each run to its own start', () => {
    const aligned = alignPower([run(1_000_000, 10, [1, 2, 3]), run(5_000_000, 10, [4, 5])]);
    expect(aligned.elapsedMs).toEqual([10_000, 20_000, 30_000]);
    expect(aligned.columns.map((column) => column?.mean)).toEqual([
      [1, 2, 3],
      [4, 5, null],
    ]);
  });

  it('brings histories of other steps to the longest, keeping the lowest and the highest', () => {
    // Two samples of 1 s fall into each step of 2 s: (1 + 9) / 2 = 5, between 1 and 9.
    const aligned = alignPower([run(0, 2, [10, 20]), run(7000, 1, [1, 9, 4, null])]);
    expect(aligned.stepMs).toBe(2000);
    expect(aligned.columns[1]).toEqual({ mean: [5, 4], min: [1, 4], max: [9, 4] });
  });

  it('keeps gaps', () => {
    const aligned = alignPower([run(0, 10, [1, null, null, 4]), run(0, 5, [1, 1, null, null, 2, 2, 3, 3])]);
    expect(aligned.columns[0]?.mean).toEqual([1, null, null, 4]);
    expect(aligned.columns[1]?.mean).toEqual([1, null, 2, 3]);
  });

  it('spans the time between two samples that lie further apart than a step', () => {
    // A bucket each 10 s, of which those at 20, 30 and 60 s were left out as idle: 40 s stands for 10 to 40, 70 s for 50 to 70.
    const sparse = run(0, 10, [1, 4, 5, 7]);
    const timesMs = [10_000, 40_000, 50_000, 70_000];
    const aligned = alignPower([{ startMs: 0, history: { ...sparse.history, timesMs } }]);
    expect(aligned.columns[0]?.mean).toEqual([1, 4, 4, 4, 5, 7, 7]);
  });

  it('takes buckets that lie beside the start of the run', () => {
    // The run began 4 s into a bucket of 10 s: its first value ends 6 s after the start.
    const late = run(0, 10, [1, 2]);
    expect(alignPower([{ ...late, startMs: 4000 }]).columns[0]?.mean).toEqual([1, 2]);
    expect(alignPower([{ ...late, startMs: 10_000 }]).columns[0]?.mean).toEqual([2]);
  });

  it('is empty without any history, and knows which run has none', () => {
    expect(alignPower([null, null])).toEqual({ elapsedMs: [], stepMs: 1, columns: [null, null] });
    expect(alignPower([null, run(0, 1, [5])]).columns).toEqual([null, { mean: [5], min: [5], max: [5] }]);
  });

  it('neither makes up nor loses a peak', () => {
    const watts = fc.array(fc.option(fc.integer({ min: 0, max: 1000 })), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(watts, watts, fc.integer({ min: 1, max: 7 }), (one, other, bucketSeconds) => {
        const { columns } = alignPower([run(3000, bucketSeconds, one), run(900, 3, other)]);
        for (const [index, source] of [one, other].entries()) {
          const known = source.filter((value) => value !== null);
          const shown = (columns[index]?.max ?? []).filter((value) => value !== null);
          expect(Math.max(0, ...shown)).toBe(Math.max(0, ...known));
        }
      }),
    );
  });
});
