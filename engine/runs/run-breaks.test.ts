import { describe, expect, it } from 'vitest';
import { exampleRun } from '../../tests/examples.ts';
import type { GapRecord } from '../store/records.ts';
import { beganMs, breakSeconds, gapsWhileOn, lastMsOf, spansOn } from './run-breaks.ts';

/** On from 0 to 2 s and from 7 s on. */
const run = exampleRun({ startedMs: 0, durationSeconds: 4, breaks: [{ fromMs: 2000, toMs: 7000 }] });
const gap = (fromMs: number, toMs: number): GapRecord => ({
  domainId: 'cpu:0',
  fromMs,
  toMs,
  reason: 'timeout',
  isBridged: false,
});

describe('a run of two parts', () => {
  it('was on in its parts', () => {
    expect(spansOn(run, 9000)).toEqual([
      { fromMs: 0, toMs: 2000 },
      { fromMs: 7000, toMs: 9000 },
    ]);
    expect(spansOn(exampleRun({ startedMs: 0 }), 9000)).toEqual([{ fromMs: 0, toMs: 9000 }]);
  });

  it('was not on for the time between, or for as much of that as lies in a span', () => {
    expect(breakSeconds(run)).toBe(5);
    expect(breakSeconds(run, { fromMs: 1000, toMs: 3500 })).toBe(1.5);
    expect(breakSeconds(run, { fromMs: 8000, toMs: 9000 })).toBe(0);
  });

  it('has come as far as its time and the break after its start say, and goes on from there', () => {
    // 4 s of its own and 5 s of none.
    expect(lastMsOf(run)).toBe(9000);
    expect(lastMsOf({ ...run, endedMs: 9100 })).toBe(9100);
    // Began at 50 s on the monotonic clock: at 59 s it has been on for 4 s.
    expect(59_000 - beganMs(run, { monotonicFromUnix: (unixMs) => unixMs + 50_000 })).toBe(4000);
  });

  it('missed nothing while it was not on', () =>
    expect(gapsWhileOn([gap(1000, 8000), gap(3000, 4000), gap(500, 600)], run)).toEqual([
      gap(1000, 2000),
      gap(7000, 8000),
      gap(500, 600),
    ]));
});
