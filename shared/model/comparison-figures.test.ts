import { describe, expect, it } from 'vitest';
import type { Bounded } from '../format/band.ts';
import { figureDefinitions } from './comparison-figures.ts';
import { reportDomain, reportExample } from './report-fixture.ts';
import type { RunReport } from './run.ts';

function read(id: string, report: RunReport): Bounded {
  const definition = figureDefinitions.find((one) => one.id === id);
  if (definition === undefined) throw new Error(`there is no figure ${id}`);
  return definition.read(report);
}

describe('energy an hour, mean power and peak', () => {
  it('are as sure as the energy', () => {
    // 2 kWh (1.9 – 2.1) in 2 h: 3.6 MJ an hour, 3.42 – 3.78. 1000 W × 1.9 / 2 = 950 W, × 2.1 / 2 = 1050 W.
    expect(read('energyPerHourJoules', reportExample())).toEqual({ value: 3_600_000, low: 3_420_000, high: 3_780_000 });
    expect(read('meanPowerWatts', reportExample())).toEqual({ value: 1000, low: 950, high: 1050 });
    const peaked = reportExample({ energy: { peakWatts: 1400 } });
    expect(read('peakPowerWatts', peaked)).toEqual({ value: 1400, low: 1330, high: 1470 });
  });

  it('are missing where nothing was measured, and over no time', () => {
    const nothing = { totalJoules: null, lowJoules: null, highJoules: null, meanWatts: null };
    expect(read('energyPerHourJoules', reportExample({ energy: nothing })).value).toBeNull();
    expect(read('meanPowerWatts', reportExample({ energy: nothing })).value).toBeNull();
    expect(read('energyPerHourJoules', reportExample({ run: { durationSeconds: 0 } })).value).toBeNull();
  });
});

describe('the share of a kind of device', () => {
  const domains = [
    reportDomain({ runJoules: 600, runLowJoules: 540, runHighJoules: 660 }),
    reportDomain({ id: 'cpu:0', kind: 'cpu', runJoules: 300, runLowJoules: 240, runHighJoules: 360 }),
    reportDomain({ id: 'wall:desk', kind: 'wall', runJoules: 5000 }),
  ];

  it('is least where the others are most, and counts no meter', () => {
    // 600 / 900; at least 540 / (540 + 360) = 0.6; at most 660 / (660 + 240) = 0.7333…
    const share = read('gpuShareRatio', reportExample({ energy: { domains } }));
    expect(share.value).toBeCloseTo(2 / 3, 9);
    expect(share.low).toBeCloseTo(0.6, 9);
    expect(share.high).toBeCloseTo(660 / 900, 9);
  });

  it('is missing, not 0, where the run has no such device', () => {
    expect(read('memoryShareRatio', reportExample({ energy: { domains } }))).toEqual({
      value: null,
      low: null,
      high: null,
    });
  });

  it('has no bounds where a part has none', () => {
    const share = read('gpuShareRatio', reportExample({ energy: { domains: [reportDomain(), ...domains] } }));
    expect(share.low).toBeNull();
  });
});

describe('time held back', () => {
  it('is that of the device that lost most', () => {
    const domains = [
      reportDomain({ heldBackSeconds: { heat: 20 } }),
      reportDomain({ id: 'gpu:1', heldBackSeconds: { heat: 50, 'power-cap': 7 } }),
    ];
    const report = reportExample({ energy: { domains } });
    expect(read('heatSeconds', report).value).toBe(50);
    expect(read('powerCapSeconds', report).value).toBe(7);
    expect(read('hardwareSlowdownSeconds', report).value).toBe(0);
  });

  it('is missing where no driver tells', () => {
    expect(read('heatSeconds', reportExample({ energy: { domains: [reportDomain()] } })).value).toBeNull();
  });
});

it('gives the memory of the fullest GPU, and the cost with the bounds of the energy', () => {
  const domains = [
    reportDomain({ peakMemoryUsedBytes: 3 }),
    reportDomain({ id: 'gpu:1', peakMemoryUsedBytes: 9 }),
    reportDomain({ id: 'gpu:2', peakMemoryUsedBytes: 99, splitBy: 'none' }),
  ];
  expect(read('gpuMemoryPeakBytes', reportExample({ energy: { domains } })).value).toBe(9);
  expect(read('gpuMemoryPeakBytes', reportExample()).value).toBeNull();
  // €0.60 × 1.9 / 2 and × 2.1 / 2.
  const cost = read('cost', reportExample());
  expect([cost.value, cost.low, cost.high].map((each) => each?.toFixed(4))).toEqual(['0.6000', '0.5700', '0.6300']);
  expect(read('cost', reportExample({ cost: null })).value).toBeNull();
});

it('names each figure once', () => {
  const ids = figureDefinitions.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
