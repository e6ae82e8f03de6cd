import { expect, it } from 'vitest';
import type { RunDomain, RunReport } from '../shared/model/run.ts';
import { factLines } from './fact-text.ts';

const domain = (label: string, changes: Partial<RunDomain> = {}): RunDomain => ({
  id: `gpu:${label}`,
  kind: 'gpu',
  name: 'NVIDIA Example',
  label,
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
const lines = (...domains: readonly RunDomain[]): readonly string[] =>
  factLines({ run: { durationSeconds: 3571 }, energy: { domains } } as unknown as RunReport).map((line) =>
    line.replaceAll('\u202f', ' '),
  );

it('says what held each device back, and how long', () => {
  // 250 s are 4 min 10 s and 7.0 % of 3571 s.
  expect(lines(domain('GPU 3', { heldBackSeconds: { heat: 250, 'power-cap': 0 } }))).toEqual([
    'GPU 3 held back by heat for 4 min 10 s (7 %)',
  ]);
});

it('says the lowest and the highest difference of samples and counters, in one line', () => {
  const check = (samplesJoules: number) => ({ check: { counterJoules: 1000, samplesJoules } });
  expect(lines(domain('GPU 0', check(1012)), domain('GPU 1', check(1001)), domain('GPU 2', check(937)))).toEqual([
    'power samples say 6.3 % less (GPU 2) to 1.2 % more (GPU 0) than the energy counter',
  ]);
  expect(lines(domain('GPU 0', check(1012)))).toEqual(['power samples say 1.2 % more (GPU 0) than the energy counter']);
});

it('says apart from the bounds what a single sensor may be off by, and what cannot be divided', () => {
  const gain = { lowRatio: 0.95, highRatio: 1.08 };
  expect(lines(domain('GPU 0', { gain }), domain('GPU 1', { gain, splitBy: 'cannot-be-split' }))).toEqual([
    'GPU 1: its energy cannot be divided among processes; runs that share it get equal parts',
    'beside the bounds, the truth may lie 5 % under to 8 % over what a single sensor of this kind reads (GPU 0, GPU 1); only a meter at the wall can tell',
  ]);
});

it('says nothing of devices the run did not use, and nothing where nothing is told', () => {
  expect(lines(domain('GPU 0'), domain('GPU 1', { splitBy: 'none', heldBackSeconds: { heat: 99 } }))).toEqual([]);
});
