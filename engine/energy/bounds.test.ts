import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleGpu, exampleReading } from '../../tests/examples.ts';
import { addInterval, createRunLedger, totalsOf, uncertaintyOf } from '../runs/run-ledger.ts';
import {
  boundsOf,
  combinedBounds,
  cutVariance,
  cutVarianceAt,
  edgeVariance,
  endsVariance,
  seeWatts,
  swingOf,
  windowVariance,
} from './bounds.ts';

const exampleInterval = {
  domainId: 'gpu:1',
  varianceJoules2: 0,
  lagSeconds: 0.002,
  samples: [],
  course: [],
  provenance: 'counter',
  endCounterJoules: null,
} as const;

describe('bounds of a stretch', () => {
  it('are the documented error, on joules and on time', () => {
    // 100 J in 2 s at ±5 W: ±10 J. At ×0.5 … ×1.6: 50 to 160 J.
    expect(boundsOf(100, 2, { lowRatio: 1, highRatio: 1, offsetWatts: 5 })).toEqual({ lowJoules: 90, highJoules: 110 });
    expect(boundsOf(100, 2, { lowRatio: 0.5, highRatio: 1.6, offsetWatts: 0 })).toEqual({
      lowJoules: 50,
      highJoules: 160,
    });
  });

  it('never go below nothing', () => {
    expect(boundsOf(3, 1, { lowRatio: 1, highRatio: 1, offsetWatts: 5 }).lowJoules).toBe(0);
  });
});

describe('a cut through an interval', () => {
  const interval = { joules: 250, fromMs: 0, toMs: 1000, lowWatts: 100, highWatts: 400, lagSeconds: 0, samples: [] };

  it('leaves open what the extremes of power allow on both sides', () => {
    // Half a second inside: at least max(50, 250 − 200) = 50 J, at most min(200, 250 − 50) = 200 J: ±75 J, rectangular: 75² / 3.
    // The moment is known to 20 ms: 400 W × 0.02 s / 2 = ±4 J.
    expect(cutVariance(interval, 500)).toBeCloseTo((75 ** 2 + 4 ** 2) / 3, 9);
  });

  it('leaves nothing open but its moment where power does not change', () =>
    // 250 W × 0.02 s / 2 = ±2.5 J.
    expect(cutVariance({ ...interval, joules: 250, lowWatts: 250, highWatts: 250 }, 500)).toBeCloseTo(2.5 ** 2 / 3, 9));

  it('is none where the whole interval lies inside', () => expect(cutVariance(interval, 1000)).toBe(0));

  it('counts how old the reading at the end may be', () => {
    // 250 W for at most 0.1 s: 25 J, rectangular of half width 12.5 J.
    expect(cutVariance({ ...interval, lowWatts: 250, highWatts: 250, lagSeconds: 0.1 }, 500)).toBeCloseTo(
      12.5 ** 2 / 3,
      9,
    );
  });
});

describe('a run’s edge within a step of a counter', () => {
  const step = { joules: 35, fromMs: 0, toMs: 100, lowWatts: 175, highWatts: 525, lagSeconds: 0, samples: [] };

  it('leaves open that all of it was drawn on the run’s side, as far as four times the highest power seen allows', () => {
    // A tenth inside by time, 3.5 J: up to 4 × 525 W × 0.01 s − 3.5 J = 17.5 J more. The moment is known to 20 ms: 525 W × 0.02 s / 2 = ±5.25 J.
    expect(edgeVariance(step, 10)).toBeCloseTo(17.5 ** 2 / 2 + 5.25 ** 2 / 3, 9);
  });

  it('leaves open that as little of it was as the highest power allows', () =>
    // Three quarters inside by time, 26.25 J: 8.75 J more, or 525 W × 0.025 s − 8.75 J = 4.375 J less.
    expect(edgeVariance(step, 75)).toBeCloseTo(8.75 ** 2 / 2 + 5.25 ** 2 / 3, 9));

  it('is none where the whole step lies inside', () => expect(edgeVariance(step, 100)).toBe(0));

  it('holds a load of 350 W that begins and ends with the run within a step of 0.1 s, wherever in it', () => {
    const idleWatts = 45;
    for (const insideSeconds of [0.005, 0.03, 0.05, 0.07, 0.095]) {
      const joules = 350 * insideSeconds + idleWatts * (0.1 - insideSeconds);
      const ledger = createRunLedger();
      // 10 s of 350 W between the two steps that the run's ends lie in.
      const interval = { ...exampleInterval, lowWatts: joules * 5, highWatts: joules * 15 };
      const run = { startMs: 100 - 1000 * insideSeconds, endMs: 10_100 + 1000 * insideSeconds };
      addInterval(ledger, { ...interval, joules, lowJoules: joules, highJoules: joules, fromMs: 0, toMs: 100 }, run);
      addInterval(
        ledger,
        { ...interval, joules: 3500, lowJoules: 3500, highJoules: 3500, fromMs: 100, toMs: 10_100 },
        run,
      );
      addInterval(
        ledger,
        { ...interval, joules, lowJoules: joules, highJoules: joules, fromMs: 10_100, toMs: 10_200 },
        run,
      );
      const seconds = (run.endMs - run.startMs) / 1000;
      const bounds = combinedBounds([uncertaintyOf(totalsOf(ledger, exampleInterval.domainId), seconds, 'domain')]);
      expect(bounds.lowJoules).toBeLessThan(350 * seconds);
      expect(bounds.highJoules).toBeGreaterThanOrEqual(350 * seconds);
    }
  });
});

describe('the ends of a run within a step', () => {
  // 50 J at 100 W up to half, 200 J at 400 W after: what was told for the middle is open by 6 J².
  const told = {
    ...exampleInterval,
    provenance: 'sensor',
    joules: 250,
    lowJoules: 250,
    highJoules: 250,
    fromMs: 0,
    toMs: 1000,
    lowWatts: 100,
    highWatts: 300,
    lagSeconds: 0,
    course: [{ atMs: 500, joules: 50, varianceJoules2: 6 }],
  } as const;

  it('leave open what the piece of its course does and what was open of that, with its power as the most seen', () => {
    // 200 J in 0.5 s, half of them inside by time: 400 W leave nothing open, and the moment is known to 20 ms: ±4 J.
    expect(cutVarianceAt(told, 750)).toBeCloseTo(4 ** 2 / 3 + 6, 9);
    expect(endsVariance(told, { startMs: 750, endMs: null })).toBeCloseTo(4 ** 2 / 3 + 6, 9);
    // Two ends, each in its piece: the first of 50 J in 0.5 s leaves nothing open but its moment.
    expect(endsVariance(told, { startMs: 250, endMs: 750 })).toBeCloseTo(2 * (4 ** 2 / 3 + 6), 9);
  });

  it('leave open nothing where they lie outside', () => {
    expect(cutVarianceAt(told, 1000)).toBe(0);
    expect(endsVariance(told, { startMs: -10, endMs: 2000 })).toBe(0);
  });

  it('allow for a load that is new where a sensor or a counter tells the whole alone, and not for a model', () => {
    const whole = { ...told, course: [] };
    const run = { startMs: 600, endMs: null };
    expect(endsVariance(whole, run)).toBe(edgeVariance(whole, 400));
    expect(endsVariance({ ...whole, provenance: 'model' }, run)).toBe(cutVariance(whole, 400));
    expect(edgeVariance(whole, 400)).toBeGreaterThan(cutVariance(whole, 400));
  });
});

describe('extremes of power', () => {
  const mean = (powerWatts: number) =>
    exampleReading(0, { domain: exampleGpu({ provenance: 'sensor' }), powerWatts, powerWindowSeconds: 1 });

  it('are wider than what was seen: half of the mean on each side at least', () => {
    expect(swingOf(null, 200)).toEqual({ lowWatts: 100, highWatts: 300 });
    expect(swingOf({ lowWatts: 150, highWatts: 390 }, 200)).toEqual({ lowWatts: 100, highWatts: 390 });
  });

  it('are those of the instant samples where there are some', () =>
    expect(seeWatts(null, { ...mean(200), instantWatts: 380 })).toEqual({ lowWatts: 200, highWatts: 380 }));

  it('fade when they do not come again', () => {
    let seen = seeWatts(null, { ...mean(100), instantWatts: 400 });
    for (let i = 0; i < 300; i++) seen = seeWatts(seen, { ...mean(100), instantWatts: 100 });
    expect(seen?.highWatts).toBeLessThan(105);
  });
});

describe('a stretch longer than the window that tells it', () => {
  it('leaves the rest open between the extremes', () => {
    // 0.5 s untold at 100 to 300 W: ±50 J, rectangular.
    const reading = exampleReading(0, { powerWatts: 200, powerWindowSeconds: 1 });
    expect(windowVariance(1.5, reading, { lowWatts: 100, highWatts: 300 })).toBeCloseTo(50 ** 2 / 3, 9);
    // The window's mean lies 100 W off the middle: so far may the rest be off too.
    const high = { ...reading, powerWatts: 300 };
    expect(windowVariance(1.5, high, { lowWatts: 100, highWatts: 300 })).toBeCloseTo(50 ** 2 / 3 + 50 ** 2, 9);
  });
});

describe('bounds of a sum', () => {
  const part = { lowJoules: 90, highJoules: 110, varianceJoules2: 0, uncoveredSeconds: 0, mostWatts: 0 };

  it('add up errors that last', () =>
    expect(combinedBounds([part, part])).toEqual({ lowJoules: 180, highJoules: 220 }));

  it('combine what is independent in quadrature, twice the standard deviation', () => {
    // √(9 + 16) = 5, twice: 10 J.
    const bounds = combinedBounds([
      { ...part, varianceJoules2: 9 },
      { ...part, varianceJoules2: 16 },
    ]);
    expect(bounds).toEqual({ lowJoules: 170, highJoules: 230 });
  });

  it('let uncovered time have drawn nothing, or the most that was seen', () =>
    expect(combinedBounds([{ ...part, uncoveredSeconds: 3, mostWatts: 400 }])).toEqual({
      lowJoules: 90,
      highJoules: 1310,
    }));

  it('always hold the sum of the lows and highs', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            lowJoules: fc.double({ min: 0, max: 1e6, noNaN: true }),
            highJoules: fc.double({ min: 1e6, max: 1e7, noNaN: true }),
            varianceJoules2: fc.double({ min: 0, max: 1e9, noNaN: true }),
            uncoveredSeconds: fc.double({ min: 0, max: 1e4, noNaN: true }),
            mostWatts: fc.double({ min: 0, max: 1e3, noNaN: true }),
          }),
          { minLength: 1 },
        ),
        (parts) => {
          const { lowJoules, highJoules } = combinedBounds(parts);
          expect(lowJoules).toBeGreaterThanOrEqual(0);
          expect(lowJoules).toBeLessThanOrEqual(parts.reduce((sum, one) => sum + one.lowJoules, 0));
          expect(highJoules).toBeGreaterThanOrEqual(parts.reduce((sum, one) => sum + one.highJoules, 0));
        },
      ),
    ));
});
