import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunDomain } from './run.ts';
import { checkedDomains, checkRatio, gainGroups, heldBackGroups, heldBackOf } from './run-facts.ts';

const domain = (changes: Partial<RunDomain>): RunDomain => ({
  id: 'gpu:0',
  kind: 'gpu',
  name: 'NVIDIA Example',
  label: 'GPU 0',
  joules: 1000,
  runJoules: 1000,
  splitBy: 'whole',
  lowJoules: null,
  highJoules: null,
  runLowJoules: null,
  runHighJoules: null,
  meanWatts: null,
  peakWatts: null,
  provenance: 'counter',
  source: 'nvml',
  coverage: 1,
  gaps: [],
  meanUtilizationRatio: null,
  peakMemoryUsedBytes: null,
  peakTemperatureCelsius: null,
  gain: null,
  check: null,
  heldBackSeconds: null,
  ...changes,
});

describe('the time a device was held back', () => {
  it('is told by reason, with its share of the run', () => {
    // 250 s of 3571 s are 7.0 %.
    expect(heldBackOf({ heldBackSeconds: { heat: 250, 'power-cap': 0 } }, 3571)).toEqual([
      { reason: 'heat', seconds: 250, ratio: 250 / 3571 },
    ]);
  });

  it('is not known where the driver does not tell, which is another thing than never', () => {
    expect(heldBackOf({ heldBackSeconds: null }, 100)).toBeNull();
    expect(heldBackOf({ heldBackSeconds: {} }, 100)).toEqual([]);
  });

  it('of less than half a second is no time', () =>
    expect(heldBackOf({ heldBackSeconds: { heat: 0.49 } }, 100)).toEqual([]));

  it('is never more than the run, whatever the driver counted', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 1e9, noNaN: true }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (s, d) => {
          const [held] = heldBackOf({ heldBackSeconds: { heat: s } }, d) ?? [];
          expect(held?.ratio).toBeGreaterThan(0);
          expect(held?.ratio).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

it('names the device that each reason held longest first', () => {
  const domains = [
    domain({ label: 'GPU 0', heldBackSeconds: { 'power-cap': 10, heat: 1 } }),
    domain({ label: 'GPU 1', heldBackSeconds: { 'power-cap': 30 } }),
    domain({ label: 'GPU 2' }),
  ];
  // 30 of 100 s is 0.3, 1 of 100 s is 0.01.
  expect(heldBackGroups(domains, 100)).toEqual([
    { reason: 'power-cap', labels: ['GPU 1', 'GPU 0'], longest: { reason: 'power-cap', seconds: 30, ratio: 0.3 } },
    { reason: 'heat', labels: ['GPU 0'], longest: { reason: 'heat', seconds: 1, ratio: 0.01 } },
  ]);
});

it('compares samples with the counter, the counter being the measure', () => {
  // 1012 J by samples over 1000 J by the counter: 1.2 % more.
  expect(checkRatio({ check: { counterJoules: 1000, samplesJoules: 1012 } })).toBeCloseTo(0.012, 12);
  expect(checkRatio({ check: null })).toBeNull();
  expect(checkRatio({ check: { counterJoules: 0, samplesJoules: 5 } }), 'a share of nothing').toBeNull();
});

it('says the gain of alike sensors once', () => {
  const gain = { lowRatio: 0.95, highRatio: 1.08 };
  expect(
    gainGroups([
      domain({ gain }),
      domain({ label: 'CPU', kind: 'cpu' }),
      domain({ label: 'GPU 1', gain: { ...gain } }),
    ]),
  ).toEqual([{ ...gain, labels: ['GPU 0', 'GPU 1'] }]);
});

it('has something to tell of every GPU, and of a CPU only where there is something', () => {
  const all = [
    domain({}),
    domain({ id: 'cpu:0', kind: 'cpu' }),
    domain({ id: 'cpu:1', kind: 'cpu', check: { counterJoules: 1, samplesJoules: 1 } }),
  ];
  expect(checkedDomains(all).map(({ id }) => id)).toEqual(['gpu:0', 'cpu:1']);
});
