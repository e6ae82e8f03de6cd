import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { capturesFolder, listCaptures, readCapture } from '../../tests/captures.ts';
import { estimateWall, fitWallLine, type WallLine, type WallPair } from './wall-line.ts';

const exactMeter = { lowRatio: 1, highRatio: 1, offsetWatts: 0 };
const pair = (machineWatts: number, wallWatts: number): WallPair => ({ machineWatts, wallWatts });
const lineOf = (...pairs: readonly WallPair[]): WallLine => {
  const fit = fitWallLine(pairs);
  if (fit.kind === 'refused') throw new Error(fit.message);
  return fit.line;
};

describe('fitWallLine', () => {
  it('draws the line through idle and load', () => {
    // 60 -> 100 W and 260 -> 350 W: 250 W over 200 W is 1.25; 100 - 1.25 x 60 = 25 W.
    expect(lineOf(pair(60, 100), pair(260, 350))).toMatchObject({
      gainRatio: 1.25,
      offsetWatts: 25,
      gainStandardError: null,
      offsetStandardErrorWatts: null,
      residualWatts: null,
      leastMachineWatts: 60,
      mostMachineWatts: 260,
    });
  });

  it('gives the standard errors of four readings', () => {
    // x 0 10 20 30, y 1 9 22 28. Means 15 and 15; Sxx = 225+25+25+225 = 500; Sxy = 15·14+5·6+5·7+15·13 = 470; gain 0.94; offset 15-14.1 = 0.9.
    // Residuals 0.1, -1.3, 2.3, -1.1: squares 0.01+1.69+5.29+1.21 = 8.2; s² = 8.2/2 = 4.1.
    // se gain = sqrt(4.1/500) = 0.090554; se offset = sqrt(4.1·(1/4 + 225/500)) = sqrt(2.87) = 1.694107.
    const line = lineOf(pair(0, 1), pair(10, 9), pair(20, 22), pair(30, 28));
    expect(line.gainRatio).toBeCloseTo(0.94, 10);
    expect(line.offsetWatts).toBeCloseTo(0.9, 10);
    expect(line.residualWatts).toBeCloseTo(Math.sqrt(4.1), 10);
    expect(line.gainStandardError).toBeCloseTo(0.090554, 6);
    expect(line.offsetStandardErrorWatts).toBeCloseTo(1.694107, 6);
  });

  it.each([
    ['too-few', []],
    ['too-few', [pair(60, 100)]],
    ['too-few', [pair(60, 100), pair(Number.NaN, 200), pair(200, -1)]],
    ['too-close', [pair(60, 100), pair(69, 120)]],
    ['implausible', [pair(60, 100), pair(260, 90)]],
    ['implausible', [pair(60, 100), pair(260, 110)]],
    ['implausible', [pair(60, 100), pair(160, 600)]],
  ] as const)('refuses what is %s', (reason, pairs) => expect(fitWallLine(pairs)).toMatchObject({ reason }));

  it('finds any line again from readings on it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 200, noNaN: true }),
        fc.array(fc.double({ min: 50, max: 1000, noNaN: true }), { maxLength: 20 }),
        (gain, offset, more) => {
          const line = lineOf(...[20, 500, ...more].map((watts) => pair(watts, offset + gain * watts)));
          expect(line.gainRatio).toBeCloseTo(gain, 6);
          expect(line.offsetWatts).toBeCloseTo(offset, 4);
        },
      ),
    );
  });
});

describe('estimateWall', () => {
  it('is the line, to a tenth where two readings made it', () => {
    // 25 + 1.25 x 160 = 225 W; ±10 % = 22.5 W.
    const estimate = estimateWall(lineOf(pair(60, 100), pair(260, 350)), 160, exactMeter);
    expect(estimate.powerWatts).toBeCloseTo(225, 9);
    expect(estimate.lowWatts).toBeCloseTo(202.5, 9);
    expect(estimate.highWatts).toBeCloseTo(247.5, 9);
  });

  it("adds the meter's own error", () => {
    // 225 W: ±3 % and 2 W are 6.75 + 2 = 8.75 W more to each side.
    const meter = { lowRatio: 0.97, highRatio: 1.03, offsetWatts: 2 };
    const estimate = estimateWall(lineOf(pair(60, 100), pair(260, 350)), 160, meter);
    expect(estimate.lowWatts).toBeCloseTo(202.5 - 8.75, 9);
    expect(estimate.highWatts).toBeCloseTo(247.5 + 8.75, 9);
  });

  it('is less sure beyond what was calibrated', () => {
    // 460 W, 200 W beyond: 25 + 575 = 600 W; ±60 W, and 200 x 1.25 x 0.15 = 37.5 W more.
    const estimate = estimateWall(lineOf(pair(60, 100), pair(260, 350)), 460, exactMeter);
    expect(estimate.highWatts).toBeCloseTo(697.5, 9);
    expect(estimate.lowWatts).toBeCloseTo(502.5, 9);
  });

  it('gives the prediction interval where more readings made it', () => {
    // The four readings above, at their mean: 15 W. t(2) 4.3 x sqrt(4.1) x sqrt(1 + 1/4) = 9.7346 W, and 5 % of 15 W = 0.75 W.
    const estimate = estimateWall(lineOf(pair(0, 1), pair(10, 9), pair(20, 22), pair(30, 28)), 15, exactMeter);
    expect(estimate.highWatts).toBeCloseTo(15 + 9.7346 + 0.75, 3);
    expect(estimate.lowWatts).toBeCloseTo(15 - 9.7346 - 0.75, 3);
  });

  it('never goes below nothing, and the low never above the high', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 5000, noNaN: true }),
        fc.double({ min: 0.5, max: 3, noNaN: true }),
        (watts, gain) => {
          const line = lineOf(pair(100, 10), pair(300, 10 + 200 * gain));
          const { powerWatts, lowWatts, highWatts } = estimateWall(line, watts, exactMeter);
          expect(lowWatts).toBeGreaterThanOrEqual(0);
          expect(lowWatts).toBeLessThanOrEqual(powerWatts);
          expect(powerWatts).toBeLessThanOrEqual(highWatts);
        },
      ),
    );
  });
});

describe.skipIf(capturesFolder === null)('on a machine that was measured at the package and at the plug', () => {
  const rowSchema = z.object({
    rapl_energy: z.coerce.number(),
    duration: z.coerce.number().positive(),
    tapo_power: z.coerce.number(),
  });
  // Kilowatt-hours over 30 s at the package; the plug's word is one of the moment.
  const traces = (capturesFolder === null ? [] : listCaptures('rapl/AMD_Threadripper', '.csv')).map((path) =>
    z
      .array(rowSchema)
      .parse(parse(readCapture(path.slice(`${capturesFolder}/`.length)), { columns: true }))
      .map((row) => pair((row.rapl_energy * 3.6e6) / row.duration, row.tapo_power)),
  );

  it('there are two traces of eleven rows', () => expect(traces.map((trace) => trace.length)).toEqual([11, 11]));

  it.each([0, 1])('the line of trace %i holds the rows of the other one', (at) => {
    const line = lineOf(...(traces[at] ?? []));
    const other = traces[1 - at] ?? [];
    // Tapo plugs: ±3 % and 2 W, as other plugs here.
    const meter = { lowRatio: 0.97, highRatio: 1.03, offsetWatts: 2 };
    const held = other.filter(({ machineWatts, wallWatts }) => {
      const estimate = estimateWall(line, machineWatts, meter);
      return estimate.lowWatts <= wallWatts && wallWatts <= estimate.highWatts;
    });
    // 95 % of 11 rows: one may lie outside.
    expect(held.length).toBeGreaterThanOrEqual(10);
    expect(line.gainRatio).toBeGreaterThan(1.1);
    expect(line.gainRatio).toBeLessThan(1.3);
  });
});
