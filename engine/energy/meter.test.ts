import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Domain } from '../../shared/model/domain.ts';
import { type SourceReading, unknownValues } from '../sources/source.ts';
import { stepMeter } from './meter.ts';
import { flushMeter, initialMeter, type MeterOptions, type MeterState } from './meter-state.ts';
import { mostWattsOf } from './most-watts.ts';

const domain: Domain = {
  id: 'gpu:1',
  kind: 'gpu',
  name: 'Test GPU',
  label: 'GPU 0',
  index: 0,
  limitWatts: 400,
  memoryTotalBytes: null,
  source: 'test',
  provenance: 'counter',
  isSimulated: false,
  gain: null,
  cannotBeSplit: null,
};
const sensorDomain: Domain = { ...domain, provenance: 'sensor' };
const exact = { lowRatio: 1, highRatio: 1, offsetWatts: 0 };
const options: MeterOptions = { periodMs: 1000, longestStepMs: 2500, longestBridgeMs: 600_000, maxWatts: 600 };

const reading = (seconds: number, values: Partial<SourceReading>, of: Domain = domain): SourceReading => ({
  domain: of,
  ...unknownValues,
  atMs: seconds * 1000,
  error: exact,
  ...values,
});
const counter = (seconds: number, joules: number, values: Partial<SourceReading> = {}): SourceReading =>
  reading(seconds, { counterJoules: joules, ...values });
const missing = (seconds: number, reason: 'failed' | 'timeout' | 'lost'): SourceReading =>
  reading(seconds, { missing: { reason, note: 'test' } });

/** Runs readings through the meter; sums and lists what it gave. */
function run(readings: readonly SourceReading[], with_: MeterOptions = options) {
  let state: MeterState = initialMeter;
  const intervals = [];
  const gaps = [];
  for (const one of readings) {
    const step = stepMeter(state, one, with_);
    state = step.state;
    intervals.push(...step.intervals);
    gaps.push(...step.gaps);
  }
  return { state, intervals, gaps, joules: intervals.reduce((sum, interval) => sum + interval.joules, 0) };
}

describe('a counter', () => {
  it('gives the difference between two readings', () => {
    // 1000 J to 1250 J over 1 s, then to 1500 J: 500 J in 2 s.
    const { joules, intervals, gaps } = run([counter(0, 1000), counter(1, 1250), counter(2, 1500)]);
    expect(joules).toBe(500);
    expect(intervals.map(({ fromMs, toMs, provenance }) => [fromMs, toMs, provenance])).toEqual([
      [0, 1000, 'counter'],
      [1000, 2000, 'counter'],
    ]);
    expect(gaps).toEqual([]);
  });

  it('is carried over its range when it wraps', () => {
    // Range 262,143 J: from 262,100 J to 57 J is 43 + 57 = 100 J.
    const wrapping = { counterRangeJoules: 262_143 };
    expect(run([counter(0, 262_100, wrapping), counter(1, 57, wrapping)]).joules).toBe(100);
  });

  it.each([-1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN])(
    'of %d J is none: its next value tells what was drawn, and after three seconds the power samples do',
    (nonsense) => {
      const power = { powerWatts: 200, powerWindowSeconds: 1 };
      const bad = [1, 2, 3, 4].map((seconds) => counter(seconds, nonsense, power));
      // 210 J in 2 s, and no gap.
      const bridged = run([counter(0, 100, power), ...bad.slice(0, 1), counter(2, 310, power)]);
      expect([bridged.joules, bridged.gaps]).toEqual([210, []]);
      const { joules, intervals, gaps, state } = run([counter(0, 100, power), ...bad]);
      // 200 W over 4 s.
      expect([joules, gaps]).toEqual([800, []]);
      expect(new Set(intervals.map(({ provenance }) => provenance))).toEqual(new Set(['sensor']));
      expect(state.counter).toBeNull();
      // What the samples told is not in its next step again.
      const after = run([counter(0, 100, power), ...bad, counter(5, 1130, power), counter(6, 1340, power)]);
      expect([after.joules, after.gaps]).toEqual([800 + 200 + 210, []]);
      // Stored, -1 J would have made the next step a joule too long.
      const next = run([counter(0, nonsense), counter(1, 50), counter(2, 150)]);
      expect(next.joules).toBe(100);
      expect(run([counter(0, nonsense), counter(1, 50)]).joules).toBe(0);
    },
  );

  it('is a gap when it falls without a range: the driver was reloaded', () => {
    const { joules, gaps } = run([counter(0, 50_000), counter(1, 10)]);
    expect(joules).toBe(0);
    expect(gaps).toEqual([{ domainId: 'gpu:1', fromMs: 0, toMs: 1000, reason: 'reset', isBridged: false }]);
  });

  it('that jumps by what a mean of the same time does not know of was set anew: the mean speaks for that step', () => {
    const told = { counterLagSeconds: 0.02, powerWatts: 400, powerWindowSeconds: 1 };
    const { intervals, gaps } = run([0, 400, 1800, 2200].map((joules, second) => counter(second, joules, told)));
    expect(intervals.map(({ joules }) => joules)).toEqual([400, 400, 400]);
    expect(gaps).toMatchObject([{ fromMs: 1000, toMs: 2000, reason: 'reset', isBridged: true }]);
  });

  it('lets the power samples speak for the step in which it was reset', () => {
    // 200 W over 1 s = 200 J from the samples; then the counter again: 300 J.
    const power = { powerWatts: 200, powerWindowSeconds: 1 };
    const { joules, intervals, gaps } = run([counter(0, 50_000, power), counter(1, 10, power), counter(2, 310, power)]);
    expect(joules).toBe(500);
    expect(intervals.map((interval) => interval.provenance)).toEqual(['sensor', 'counter']);
    expect(gaps).toEqual([{ domainId: 'gpu:1', fromMs: 0, toMs: 1000, reason: 'reset', isBridged: true }]);
  });

  it('that began anew while it could not be read, and has passed its old value, is a gap and not next to nothing', () => {
    // 200 W before and after; 10 J in the 6 s between are less than half of what that is: 1200 J.
    const power = { powerWatts: 200, powerWindowSeconds: 1 };
    const { joules, gaps } = run([
      counter(0, 1000, power),
      counter(1, 1200, power),
      missing(3, 'failed'),
      counter(7, 1210, power),
      counter(8, 1410, power),
    ]);
    expect(joules).toBe(400);
    expect(gaps).toEqual([{ domainId: 'gpu:1', fromMs: 1000, toMs: 7000, reason: 'failed', isBridged: false }]);
  });

  it('is not believed when it needs more power than the device has', () => {
    // 5000 J in 1 s is 5 kW on a device of at most 600 W.
    expect(run([counter(0, 0), counter(1, 5000)]).joules).toBe(0);
  });

  it('bridges one failed read: it went on counting meanwhile, and the gap is named', () => {
    const { joules, gaps } = run([counter(0, 0), missing(1, 'failed'), counter(2, 400)]);
    expect(joules).toBe(400);
    expect(gaps).toEqual([{ domainId: 'gpu:1', fromMs: 0, toMs: 2000, reason: 'failed', isBridged: true }]);
  });

  it('bridges a hang of a minute: what was drawn meanwhile is its difference', () => {
    const { joules, gaps } = run([counter(0, 0), counter(1, 100), counter(61, 6100), counter(62, 6200)]);
    expect(joules).toBe(6200);
    expect(gaps).toEqual([{ domainId: 'gpu:1', fromMs: 1000, toMs: 61_000, reason: 'no-reading', isBridged: true }]);
  });

  it('does not bridge a lost device: nothing is invented', () => {
    const { joules, gaps } = run([
      counter(0, 0),
      counter(1, 200),
      missing(2, 'lost'),
      missing(3, 'lost'),
      counter(4, 800),
      counter(5, 1000),
    ]);
    expect(joules).toBe(400);
    expect(gaps.every((gap) => gap.reason === 'lost')).toBe(true);
    expect(gaps.reduce((sum, gap) => sum + gap.toMs - gap.fromMs, 0)).toBe(3000);
  });

  it('gives way to the power samples after standing still for 3 s', () => {
    // 100 W while the counter says 7: 3 s × 100 W = 300 J.
    const power = { powerWatts: 100, powerWindowSeconds: 1 };
    const { joules, intervals } = run([0, 1, 2, 3].map((second) => counter(second, 7, power)));
    expect(joules).toBe(300);
    expect(intervals[0]?.provenance).toBe('sensor');
  });

  it('is given every power sample of the time that it stood still, not the last for all of it', () => {
    // 100, 300 and 300 W: 700 J, not 3 s × 300 W; the same where the source gives the counter up.
    const power = (powerWatts: number) => ({ powerWatts, powerWindowSeconds: 1 });
    const still = [counter(0, 7, power(100)), counter(1, 7, power(100)), counter(2, 7, power(300))];
    expect(run([...still, counter(3, 7, power(300))]).joules).toBe(700);
    expect(run([...still, reading(3, power(300))]).joules).toBe(700);
  });

  it('that stopped within a step may have left out the rest of it: the bounds reach so far, once', () => {
    // 100 W; the counter stops at 2.4 s. 240 J by it and 600 J by the samples of 3 to 9 s, and 60 J that nobody has told of.
    const power = { powerWatts: 100, powerWindowSeconds: 1 };
    const counted = [0, 100, 200, ...Array.from({ length: 7 }, () => 240)];
    const { joules, intervals } = run(counted.map((value, second) => counter(second, 1000 + value, power)));
    expect(joules).toBe(840);
    expect(intervals.map((interval) => interval.highJoules - interval.joules)).toEqual([0, 0, 0, 60, 0, 0, 0, 0, 0]);
  });

  it('that lost the time that it stood still leaves it to the power samples', () => {
    const power = { powerWatts: 100, powerWindowSeconds: 1 };
    // Still from 1 to 3 s, then 50 J since half a second: 200 J of 1 to 3 s and 100 J of 3 to 4 s are the samples'.
    const short = [0, 1, 1, 1, 1.5, 2.5].map((hundreds, second) => counter(second, 1000 + 100 * hundreds, power));
    expect(run(short).joules).toBe(500);
    // Still for 6 s: two times 300 J by the samples, and 50 J in its next step are none to take these off.
    const long = [0, 0, 0, 0, 0, 0, 0, 0.5, 1.5].map((hundreds, second) =>
      counter(second, 1000 + 100 * hundreds, power),
    );
    expect(run(long).joules).toBe(800);
  });

  it('that catches up after standing still does not count that time twice', () => {
    // 3 s still at 100 W: 300 J from the samples. Then 450 J in one step: 150 J of it are new.
    const power = { powerWatts: 100, powerWindowSeconds: 1 };
    const readings = [
      ...[0, 1, 2, 3].map((second) => counter(second, 7, power)),
      counter(4, 457, power),
      counter(5, 557, power),
    ];
    const { joules, intervals } = run(readings);
    expect(intervals.map((interval) => [interval.joules, interval.provenance])).toEqual([
      [100, 'sensor'],
      [100, 'sensor'],
      [100, 'sensor'],
      [150, 'counter'],
      [100, 'counter'],
    ]);
    expect(joules).toBe(550);
  });

  it('that catches up sets right what samples far apart told of a load that they missed, and what it had not counted of the step in which it stopped', () => {
    // 400 W for the first tenth of every second, else 100 W: 130 J a second, of which samples see 100. It stops at 2.05 s, with 280 J, and catches up at 7 s.
    const power = { powerWatts: 100, powerWindowSeconds: 0.1, samples: [] };
    const counted = [0, 130, 260, 280, 280, 280, 280, 910, 1040];
    const { joules, intervals, gaps } = run(counted.map((value, second) => counter(second, 1000 + value, power)));
    expect(joules).toBeCloseTo(1040, 9);
    expect(intervals.every((interval) => interval.joules >= 0)).toBe(true);
    expect(gaps.map(({ fromMs, toMs, reason, isBridged }) => [fromMs, toMs, reason, isBridged])).toEqual([
      [3000, 6000, 'stuck', true],
    ]);
  });

  it('that catches up in part has lost the rest of that time: samples count', () => {
    // 100 W all the while. It stands still from 1 s on, and holds 500 of the 900 J since at 10 s.
    const power = { powerWatts: 100, powerWindowSeconds: 1 };
    const counted = [0, 100, 100, 100, 100, 100, 100, 100, 100, 100, 600, 700];
    expect(run(counted.map((value, second) => counter(second, 1000 + value, power))).joules).toBe(1100);
  });

  it('that catches up with more than samples saw may have counted it at any moment since: it need not be of its last second', () => {
    // 100 W by all samples, and 540 J more that none of them saw, some time between 1 and 6 s.
    const power = { powerWatts: 100, powerWindowSeconds: 0.1, samples: [] };
    const counted = [0, 100, 100, 100, 100, 100, 1140];
    const { joules, intervals } = run(counted.map((value, second) => counter(second, 1000 + value, power)));
    expect(joules).toBeCloseTo(1140, 9);
    expect(intervals.at(-1)).toMatchObject({ joules: 640, lowJoules: 100, highJoules: 640 });
  });

  it('that stands still is told of second by second once it is known to, and its time is named: samples cover it', () => {
    const power = { powerWatts: 100, powerWindowSeconds: 1 };
    const counted = [0, 100, 100, 100, 100, 100, 100];
    const { intervals, gaps } = run(counted.map((value, second) => counter(second, 1000 + value, power)));
    expect(intervals.map(({ toMs, joules }) => [toMs, joules])).toEqual(
      [1000, 2000, 3000, 4000, 5000, 6000].map((toMs) => [toMs, 100]),
    );
    expect(gaps.map(({ fromMs, toMs, reason, isBridged }) => [fromMs, toMs, reason, isBridged])).toEqual([
      [1000, 4000, 'stuck', true],
      [4000, 5000, 'stuck', true],
      [5000, 6000, 'stuck', true],
    ]);
  });

  it('that never moved is none: samples count, and nothing is missing', () => {
    const power = { powerWatts: 100, powerWindowSeconds: 1 };
    expect(run([0, 1, 2, 3, 4, 5].map((second) => counter(second, 7, power))).gaps).toEqual([]);
  });

  it('that says 0 once and goes on where it was has been reset twice: what it stood at was not drawn', () => {
    // A plug's energy of 40 Wh at 100 W, and a bound as for a whole machine at the wall.
    const maxWatts = mostWattsOf({ kind: 'wall', limitWatts: null });
    const plug = [144_000, 144_100, 0, 144_300, 144_400].map((joules, second) => counter(second, joules));
    const { joules, gaps } = run(plug, { ...options, maxWatts });
    expect(joules).toBe(200);
    expect(gaps.map(({ fromMs, toMs, reason }) => [fromMs, toMs, reason])).toEqual([
      [1000, 2000, 'reset'],
      [2000, 3000, 'reset'],
    ]);
  });

  it('that stands still and has no power samples beside it is a gap from its last step to its next: nothing tells whether it counted', () => {
    const { intervals, gaps, joules } = run([
      counter(0, 1000),
      counter(1, 1100),
      ...[2, 3, 4, 5, 6].map((seconds) => counter(seconds, 1100)),
      counter(7, 1180),
      counter(8, 1280),
    ]);
    expect(intervals.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [0, 1000],
      [7000, 8000],
    ]);
    expect(joules).toBe(200);
    expect(gaps.every(({ reason, isBridged }) => reason === 'stuck' && !isBridged)).toBe(true);
    expect(gaps.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [1000, 4000],
      [4000, 5000],
      [5000, 6000],
      [6000, 7000],
    ]);
  });

  it('that never moves and has no power samples beside it is no energy at all', () => {
    const { intervals, gaps } = run([0, 1, 2, 3, 4].map((seconds) => counter(seconds, 1000)));
    expect(intervals).toEqual([]);
    expect(gaps.map(({ fromMs, toMs, reason }) => [fromMs, toMs, reason])).toEqual([
      [0, 3000, 'stuck'],
      [3000, 4000, 'stuck'],
    ]);
  });

  it('that makes its next step within 3 s has counted all the while', () => {
    const { intervals, gaps } = run([counter(0, 1000), counter(1, 1000), counter(2, 1300)]);
    expect(intervals.map(({ fromMs, toMs, joules }) => [fromMs, toMs, joules])).toEqual([[0, 2000, 300]]);
    expect(gaps).toEqual([]);
  });

  it('that stood still for over a second and then tells of far less than the power before has lost that time', () => {
    const still = [1.2, 1.4, 1.6, 1.8, 2, 2.2, 2.4].map((seconds) => counter(seconds, 1100));
    const { joules, gaps } = run([
      counter(0, 1000),
      counter(1, 1100),
      ...still,
      counter(2.6, 1120),
      counter(3.6, 1220),
    ]);
    expect(joules).toBe(200);
    expect(gaps).toEqual([{ domainId: 'gpu:1', fromMs: 1000, toMs: 2600, reason: 'stuck', isBridged: false }]);
    // One that was late and caught up has lost nothing.
    expect(run([counter(0, 1000), counter(1, 1100), ...still, counter(2.6, 1260)])).toMatchObject({
      joules: 260,
      gaps: [],
    });
  });

  it('that may have wrapped any number of times in a hole is a gap: the power before says nothing of it', () => {
    // 100 J a wrap and at most 600 W: in eight seconds there is room for 48.
    const wrapping = (seconds: number, joules: number): SourceReading =>
      counter(seconds, joules, { counterRangeJoules: 100 });
    const { gaps, joules } = run([wrapping(0, 0), wrapping(0.1, 2), wrapping(8, 50), wrapping(8.1, 52)]);
    expect(gaps).toEqual([{ domainId: 'gpu:1', fromMs: 100, toMs: 8000, reason: 'no-reading', isBridged: false }]);
    expect(joules).toBe(4);
  });

  it('that may wrap within any of its steps is measured all the same, from the first one on', () => {
    // Renewed every 0.1 s, 50 J a wrap: 600 W would be 60 J. At 20 and 120 W in turn, half a second each: 2 and 12 J a step.
    const watts = Array.from({ length: 100 }, (_, i) => (Math.floor(i / 5) % 2 === 0 ? 20 : 120));
    let total = 0;
    const readings = watts.map((power, i) => {
      total += power / 10;
      return counter((i + 1) / 10, total % 50, { counterRangeJoules: 50 });
    });
    const { gaps, joules } = run([counter(0, 0, { counterRangeJoules: 50 }), ...readings]);
    expect(gaps).toEqual([]);
    expect(joules).toBeCloseTo(total, 6);
  });

  describe('that falls where a wrap needs more power than its steps lay at lately', () => {
    const wrapping = (seconds: number, joules: number): SourceReading =>
      counter(seconds, joules, { counterRangeJoules: 100 });
    // 2 J each 0.1 s, 20 W, up to 60 J.
    const quiet = Array.from({ length: 31 }, (_, i) => wrapping(i / 10, i * 2));

    it('was reset if the next step knows nothing of that power: that time is a gap, and nothing is invented', () => {
      // From 60 J to 1 J: a wrap were 41 J in 0.1 s, 410 W; then 20 W again.
      const { gaps, joules } = run([...quiet, wrapping(3.1, 1), wrapping(3.2, 3), wrapping(3.3, 5)]);
      expect(gaps).toEqual([{ domainId: 'gpu:1', fromMs: 3000, toMs: 3100, reason: 'reset', isBridged: false }]);
      expect(joules).toBeCloseTo(60 + 2 + 2, 9);
    });

    it('has wrapped if the next step needs that power too', () => {
      // 41 J, then 45 and 46 J.
      const { gaps, joules } = run([...quiet, wrapping(3.1, 1), wrapping(3.2, 46), wrapping(3.3, 92)]);
      expect(gaps).toEqual([]);
      expect(joules).toBeCloseTo(60 + 41 + 45 + 46, 9);
    });

    it('waits for its next step while it stands still, and is a gap where none comes', () => {
      const still = run([...quiet, wrapping(3.1, 1), wrapping(3.15, 1), wrapping(3.2, 46)]);
      expect(still.gaps).toEqual([]);
      const { state } = run([...quiet, wrapping(3.1, 1)]);
      expect(flushMeter(state, 'gpu:1', 3200, 'lost').gaps).toMatchObject([{ fromMs: 3000, toMs: 3200 }]);
    });
  });

  it('standing still with nothing drawn is no energy and no gap', () => {
    const { joules, gaps, intervals } = run([counter(0, 7, { powerWatts: 0 }), counter(1, 7, { powerWatts: 0 })]);
    expect([joules, gaps.length, intervals.length]).toEqual([0, 0, 1]);
  });

  it('across more time than it can be trusted for is a gap', () => {
    const { joules, gaps } = run([counter(0, 0), counter(601, 6000)]);
    expect(joules).toBe(0);
    expect(gaps).toEqual([{ domainId: 'gpu:1', fromMs: 0, toMs: 601_000, reason: 'no-reading', isBridged: false }]);
  });
});

describe('a domain whose first read failed', () => {
  it('is measured by its counter from the next one on', () => {
    // Nothing before 1 s to subtract from; 100 J from 1 s to 2 s.
    const { joules, gaps } = run([missing(0, 'failed'), counter(1, 50), counter(2, 150)]);
    expect(joules).toBe(100);
    expect(gaps).toEqual([{ domainId: 'gpu:1', fromMs: 0, toMs: 1000, reason: 'failed', isBridged: false }]);
  });

  it('is measured by its power samples from the next one on', () => {
    // Means over the second before: 200 W from 0 to 1 s, 100 W from 1 s to 2 s.
    const power = (seconds: number, powerWatts: number) =>
      reading(seconds, { powerWatts, powerWindowSeconds: 1 }, sensorDomain);
    const { joules, gaps } = run([missing(0, 'failed'), power(1, 200), power(2, 100)]);
    expect(joules).toBe(300);
    expect(gaps).toEqual([]);
  });
});

describe('power samples', () => {
  const sample = (seconds: number, powerWatts: number, powerWindowSeconds = 0): SourceReading =>
    reading(seconds, { powerWatts, powerWindowSeconds }, sensorDomain);

  it('make a trapezoid when they are instants', () => {
    // 100 W to 200 W over 2 s: mean 150 W, 300 J.
    expect(run([sample(0, 100), sample(2, 200)]).joules).toBe(300);
  });

  it('make a rectangle when they are means of the time before', () => {
    // 200 W was the mean of the second before: 200 J, whatever came before it.
    expect(run([sample(0, 100, 1), sample(1, 200, 1)]).joules).toBe(100 + 200);
  });

  it('of a mean cover their own window when nothing came before', () => {
    expect(run([sample(5, 300, 1)]).intervals).toMatchObject([{ fromMs: 4000, toMs: 5000, joules: 300 }]);
  });

  it('too far apart leave a gap, up to the window of the later one', () => {
    const { joules, gaps } = run([sample(0, 100, 1), sample(60, 100, 1)]);
    expect(joules).toBe(200);
    expect(gaps).toEqual([{ domainId: 'gpu:1', fromMs: 0, toMs: 59_000, reason: 'no-reading', isBridged: false }]);
  });

  it('beyond anything the device can draw are invalid, not clamped', () => {
    // The instant after the wrong one only begins a new stretch: nothing is known of the time before it.
    const { joules, gaps } = run([sample(0, 100), sample(1, 1e6), sample(2, 100), sample(3, 100)]);
    expect(joules).toBe(100);
    expect(gaps.map((gap) => [gap.fromMs, gap.toMs, gap.reason])).toEqual([
      [0, 1000, 'invalid'],
      [1000, 2000, 'invalid'],
    ]);
  });

  it('of a lost device are a gap at once', () => {
    const { gaps } = run([sample(0, 100), reading(1, { missing: { reason: 'lost', note: '' } }, sensorDomain)]);
    expect(gaps).toEqual([{ domainId: 'gpu:1', fromMs: 0, toMs: 1000, reason: 'lost', isBridged: false }]);
  });

  it('that were late, not missing, are taken in: rows come in bursts when a machine is busy', () => {
    // The silence is noticed at 3 s; then the rows of 1, 2 and 3 s come after all: 100 J each.
    const late = reading(3, { missing: { reason: 'timeout', note: '' } }, sensorDomain);
    const { joules, gaps } = run([sample(0, 100, 1), late, sample(1, 100, 1), sample(2, 100, 1), sample(3, 100, 1)]);
    expect(joules).toBe(400);
    expect(gaps).toEqual([]);
  });

  it('go half and half where the device was left alone to sleep: what woke it did not last all the while', () => {
    const idle = { powerWindowSeconds: 0.1, restSeconds: 8, powerWatts: 5 };
    // 5 W until 1 s, then 7 s nobody looked, and 205 W: (5 + 205) / 2 · 7 = 735 J, not 1435.
    const { intervals, gaps } = run([
      reading(0, idle, sensorDomain),
      reading(1, idle, sensorDomain),
      reading(8, { ...idle, powerWatts: 205 }, sensorDomain),
    ]);
    expect(gaps).toEqual([]);
    expect(intervals.at(-1)).toMatchObject({ fromMs: 1000, toMs: 8000, joules: 735 });
    // 205 W for all of it lies within what is left open.
    expect(735 + 2 * Math.sqrt(intervals.at(-1)?.varianceJoules2 ?? 0)).toBeGreaterThan(1435);
  });

  it('after a hang of three seconds cover their own window: the rest is a gap with its reason', () => {
    // 0 to 1 s measured, 3 s hang, then the mean of 3.5 to 4.5 s: 100 + 100 + 100 J, nothing between 1 and 3.5 s.
    const hung = reading(3.5, { missing: { reason: 'timeout', note: '' } }, sensorDomain);
    const { joules, gaps } = run([sample(0, 100, 1), sample(1, 100, 1), hung, sample(4.5, 100, 1)]);
    expect(joules).toBe(300);
    expect(gaps).toEqual([{ domainId: 'gpu:1', fromMs: 1000, toMs: 3500, reason: 'timeout', isBridged: false }]);
  });

  it('that come between, as at a run’s edge, leave the tiles of the windows as they are', () => {
    // 100 W, from 1.5 s on 300 W. The mean of 0.6 to 1.6 s is 0.9 · 100 + 0.1 · 300 = 120 W; tiles hold 100 + 200 + 300 J.
    const { intervals, joules } = run([
      sample(1, 100, 1),
      sample(1.6, 120, 1),
      sample(2, 200, 1),
      sample(2.3, 280, 1),
      sample(3, 300, 1),
    ]);
    expect(intervals.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [0, 1000],
      [1000, 2000],
      [2000, 3000],
    ]);
    expect(joules).toBe(600);
    // Up to 1.6 s: 120 J less the 40 J of 0.6 to 1 s are 80 J, 50 at 100 W and 30 at 300 W.
    // Of the 40 J as much stays open as where 0.6 s lie in a second of 100 W: 0.4 s · 50 W on both sides, and the reading's age of 0.1 s.
    expect(intervals[1]?.course).toEqual([
      { atMs: 1600, joules: expect.closeTo(80, 9), varianceJoules2: expect.closeTo((20 ** 2 + 7.5 ** 2) / 3, 9) },
    ]);
  });

  it('that a source read between ours tell how the energy of a window went', () => {
    // 100 W, from 1.5 s on 300 W, as a driver tells its means of a second at 1.25, 1.5 and 1.75 s.
    const earlierMeans = [
      { atMs: 1250, watts: 100 },
      { atMs: 1500, watts: 100 },
      { atMs: 1750, watts: 150 },
    ];
    const { intervals } = run([sample(1, 100, 1), { ...sample(2, 200, 1), earlierMeans }]);
    expect(intervals[1]?.course).toMatchObject([
      { atMs: 1250, joules: 25 },
      { atMs: 1500, joules: 50 },
      { atMs: 1750, joules: 125 },
    ]);
  });

  it('that came between are not lost with a device that goes right after', () => {
    // Up to 1.6 s by the mean of 0.6 to 1.6 s; the gap begins there.
    const { joules, gaps } = run([
      sample(1, 100, 1),
      sample(1.6, 100, 1),
      reading(2, { missing: { reason: 'lost', note: '' } }, sensorDomain),
    ]);
    expect(joules).toBeCloseTo(160, 9);
    expect(gaps).toMatchObject([{ fromMs: 1600, toMs: 2000, reason: 'lost' }]);
  });

  it('that come right after one that came between end at the one nearest to a window', () => {
    // Every 0.1 s from 1.6 s, then 2 s and 3 s: tiles end at 2 and 3 s, not at 1.9 s.
    const moments = [1, 1.6, 1.7, 1.8, 1.9, 2, 3];
    const { intervals } = run(moments.map((second) => sample(second, 100, 1)));
    expect(intervals.map(({ toMs }) => toMs)).toEqual([1000, 2000, 3000]);
    // With none at 2 s, the one at 1.96 s is the nearest to the end of a window.
    const late = run([1, 1.6, 1.96, 2.9].map((second) => sample(second, 100, 1)));
    expect(late.intervals.map(({ toMs }) => toMs)).toEqual([1000, 1960, 2900]);
  });

  it('that overlap each own the time around their middle, so that power is booked when it was drawn', () => {
    // Windows of 1 s every 0.25 s over a step from 0 to 400 W at 2 s: means rise from 0 at 2 s to 400 W at 3 s.
    const mean = (second: number): number => 400 * Math.min(1, Math.max(0, second - 2));
    const times = Array.from({ length: 21 }, (_, i) => i / 4);
    const { intervals } = run(
      times.map((second) => sample(second, mean(second), 1)),
      { ...options, periodMs: 250 },
    );
    // Up to 2.5 s, half a second after the step, 200 J were drawn. Booked: the step smoothed over a second, its middle at 2 s.
    const until = (ms: number): number =>
      intervals.reduce(
        (sum, one) => sum + one.joules * Math.min(1, Math.max(0, (ms - one.fromMs) / (one.toMs - one.fromMs))),
        0,
      );
    expect(until(2500)).toBeGreaterThan(180);
    expect(until(2500)).toBeLessThan(220);
    expect(until(4000)).toBeCloseTo(800, 0);
  });

  it('leave open how far the power swung between two instants', () => {
    // 100 W and 300 W, 1 s apart: variance 1² × 200² / 2.
    expect(run([sample(0, 100), sample(1, 300)]).intervals[0]?.varianceJoules2).toBe(20_000);
  });

  it('that are means of samples carry their standard error', () => {
    // ±10 W over 1 s: 100 J².
    const sampled = reading(1, { powerWatts: 200, powerWindowSeconds: 1, powerStandardErrorWatts: 10 }, sensorDomain);
    expect(run([sample(0, 200, 1), sampled]).intervals[1]?.varianceJoules2).toBeCloseTo(100, 9);
  });
});

describe('closing the account', () => {
  it('makes the rest a gap with the reason that was pending', () => {
    const { state } = run([counter(0, 0), counter(1, 100), missing(2, 'timeout')]);
    expect(flushMeter(state, 'gpu:1', 3000, 'no-reading').gaps).toEqual([
      { domainId: 'gpu:1', fromMs: 1000, toMs: 3000, reason: 'timeout', isBridged: false },
    ]);
  });

  it('is nothing when all is accounted for', () => {
    const { state } = run([counter(0, 0), counter(1, 100)]);
    expect(flushMeter(state, 'gpu:1', 1000, 'no-reading')).toMatchObject({ intervals: [], gaps: [] });
  });
});

describe('any sequence of readings', () => {
  const anyReading = fc.record({
    stepMs: fc.integer({ min: 1, max: 20_000 }),
    powerWatts: fc.option(fc.double({ min: -10, max: 5000, noNaN: true }), { nil: null }),
    counterJoules: fc.option(fc.double({ min: 0, max: 1e5, noNaN: true }), { nil: null }),
    counterRangeJoules: fc.option(fc.constant(1e5), { nil: null }),
    powerWindowSeconds: fc.constantFrom(0, 1),
    missing: fc.option(fc.constantFrom('failed' as const, 'lost' as const, 'timeout' as const), { nil: null, freq: 3 }),
  });

  it('gives no negative energy, bounds that hold it, and time that is told once', () => {
    fc.assert(
      fc.property(fc.array(anyReading, { maxLength: 40 }), (steps) => {
        let atMs = 0;
        const readings = steps.map(({ stepMs, missing: reason, ...values }) => {
          atMs += stepMs;
          const base = { ...values, error: { lowRatio: 0.9, highRatio: 1.2, offsetWatts: 5 } };
          return reason === null ? reading(atMs / 1000, base) : { ...missing(atMs / 1000, reason) };
        });
        const { intervals, gaps } = run(readings);
        for (const interval of intervals) {
          expect(interval.joules).toBeGreaterThanOrEqual(0);
          expect(interval.lowJoules).toBeLessThanOrEqual(interval.joules);
          expect(interval.highJoules).toBeGreaterThanOrEqual(interval.joules);
          expect(interval.joules).toBeLessThanOrEqual(
            options.maxWatts * ((interval.toMs - interval.fromMs) / 1000 + 1) + 1e-6,
          );
        }
        const spans = [...intervals, ...gaps.filter((gap) => !gap.isBridged)].sort(
          (a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs,
        );
        for (const [i, span] of spans.entries()) {
          expect(span.toMs).toBeGreaterThanOrEqual(span.fromMs);
          const next = spans[i + 1];
          if (next !== undefined) expect(next.fromMs).toBeGreaterThanOrEqual(span.toMs - 1e-6);
        }
      }),
      { numRuns: 500 },
    );
  });
});
