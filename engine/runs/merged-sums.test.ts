import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleDomainTotals, exampleRun } from '../../tests/examples.ts';
import { type MergePart, mergeDomains, mergeRecords } from './merged-sums.ts';

const id = 'gpu:GPU-0';
/** A domain that draws 100 W all the time, as a run from `fromMs` to `toMs` saw it with this share of it. */
const partOf = (fromMs: number, toMs: number, share = 0.5): MergePart => ({
  record: exampleRun({ startedMs: fromMs, endedMs: toMs, status: 'finished' }),
  untilMs: toMs,
  domains: new Map([
    [
      id,
      exampleDomainTotals({
        joules: (toMs - fromMs) / 10,
        lowJoules: ((toMs - fromMs) / 10) * 0.9,
        highJoules: ((toMs - fromMs) / 10) * 1.1,
        runJoules: ((toMs - fromMs) / 10) * share,
        coveredSeconds: (toMs - fromMs) / 1000,
        byProvenance: { counter: (toMs - fromMs) / 10 },
        peakWatts: 100,
      }),
    ],
  ]),
});
const energyOf = (fromMs: number, toMs: number) =>
  new Map([
    [
      id,
      {
        joules: (toMs - fromMs) / 10,
        lowJoules: ((toMs - fromMs) / 10) * 0.9,
        highJoules: ((toMs - fromMs) / 10) * 1.1,
        seconds: (toMs - fromMs) / 1000,
      },
    ],
  ]);

describe('the sums of merged runs', () => {
  it('add shares, and count the whole domain once where they were on together', () => {
    // 0 to 10 s and 6 to 20 s of 100 W: 1000 + 1400 J, 4 s = 400 J in common: 2000 J in 20 s. Shares: 500 + 350.
    const sums = mergeDomains([partOf(0, 10_000), partOf(6000, 20_000, 0.25)], energyOf).get(id);
    expect(sums).toMatchObject({ joules: 2000, lowJoules: 1800, highJoules: 2200, runJoules: 850, coveredSeconds: 20 });
    expect(sums?.byProvenance.counter).toBeCloseTo(2000, 9);
  });

  it('are plain where they were on one after the other', () =>
    expect(mergeDomains([partOf(0, 10_000), partOf(30_000, 35_000)], energyOf).get(id)).toMatchObject({
      joules: 1500,
      runJoules: 750,
      coveredSeconds: 15,
      byProvenance: { counter: 1500 },
    }));

  it('do not take away twice what three had in common', () => {
    // All from 0 to 10 s: 1000 J were drawn, and a third each was theirs.
    const sums = mergeDomains(
      [0, 1, 2].map(() => partOf(0, 10_000, 1 / 3)),
      energyOf,
    ).get(id);
    expect(sums?.joules).toBeCloseTo(1000, 9);
    expect(sums?.runJoules).toBeCloseTo(1000, 9);
  });

  it('have nothing in common with a run that was on in the break between two of them', () => {
    // 0 to 10 s and 20 to 30 s, merged before, and 10 to 20 s: 30 s of 100 W.
    const broken = partOf(0, 30_000);
    const two: MergePart = {
      ...partOf(0, 20_000),
      record: { ...broken.record, breaks: [{ fromMs: 10_000, toMs: 20_000 }] },
      untilMs: 30_000,
    };
    const sums = mergeDomains([two, partOf(10_000, 20_000)], energyOf).get(id);
    expect(sums).toMatchObject({ joules: 3000, coveredSeconds: 30 });
  });

  it('keep a domain that only one of them had', () => {
    const other: MergePart = { ...partOf(0, 1000), domains: new Map([['cpu:0', exampleDomainTotals({ joules: 5 })]]) };
    expect([...mergeDomains([partOf(0, 10_000), other], energyOf).keys()]).toEqual([id, 'cpu:0']);
  });

  it('never say that the runs had more than was drawn, however they lay', () => {
    const span = fc.tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: 50_000 }));
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 6 }), (spans) => {
        const parts = spans.map(([fromMs, ms]) => partOf(fromMs, fromMs + ms, 1 / spans.length));
        const sums = mergeDomains(parts, energyOf).get(id);
        const shares = parts.reduce((sum, part) => sum + (part.domains.get(id)?.runJoules ?? 0), 0);
        expect(sums?.runJoules).toBeCloseTo(shares, 6);
        // The union of the spans at 100 W.
        const marks = spans.flatMap(([fromMs, ms]) => [fromMs, fromMs + ms]).sort((a, b) => a - b);
        const covered = marks.slice(1).reduce((sum, toMs, i) => {
          const fromMs = marks[i] ?? toMs;
          return spans.some(([from, ms]) => from <= fromMs && from + ms >= toMs) ? sum + toMs - fromMs : sum;
        }, 0);
        expect(sums?.joules).toBeCloseTo(covered / 10, 6);
      }),
    );
  });
});

describe('the record of merged runs', () => {
  const run = (startedMs: number, endedMs: number | null, change = {}) =>
    exampleRun({ startedMs, endedMs, status: endedMs === null ? 'running' : 'finished', ...change });

  it('is called like the first, lasts from the earliest start to the latest end, and ended as the last one did', () => {
    const into = run(5000, 9000, { name: 'a', tags: { x: '1' }, notes: 'one', exitCode: 0 });
    const other = run(2000, 12_000, {
      name: 'b',
      tags: { x: '2', y: '3' },
      notes: 'two',
      status: 'failed',
      exitCode: 3,
    });
    expect(mergeRecords(into, [other], 99_000)).toMatchObject({
      id: into.id,
      name: 'a',
      startedMs: 2000,
      endedMs: 12_000,
      durationSeconds: 10,
      status: 'failed',
      exitCode: 3,
      tags: { x: '1', y: '3' },
      notes: 'one\n\ntwo',
    });
  });

  it('goes on while one of them does', () =>
    expect(mergeRecords(run(5000, 9000, { exitCode: 0 }), [run(6000, null, { rootPid: 7 })], 15_000)).toMatchObject({
      status: 'running',
      endedMs: null,
      exitCode: null,
      durationSeconds: 10,
      rootPid: 7,
    }));

  it('has the time of its parts and none of what lies between them', () => {
    // 0 to 2 s and 7 to 9 s: 4 s, and 5 s in which it was not on.
    const two = mergeRecords(run(7000, 9000, { durationSeconds: 2 }), [run(0, 2000)], 99_000);
    expect(two).toMatchObject({ startedMs: 0, endedMs: 9000, durationSeconds: 4 });
    expect(two.breaks).toEqual([{ fromMs: 2000, toMs: 7000 }]);
    // One that began in that break and lasts beyond it: 3 to 8 s.
    const three = mergeRecords(two, [run(3000, 8000)], 99_000);
    expect(three).toMatchObject({ durationSeconds: 8, breaks: [{ fromMs: 2000, toMs: 3000 }] });
  });
});
