import { describe, expect, it } from 'vitest';
import { embodiedGrams } from './embodied.ts';
import { noProgress, sciScore } from './sci.ts';

describe('the SCI score', () => {
  it('is (E × I + M) per run, epoch, step, sample and token', () => {
    // 900 g from the electricity and 100 g embodied: 1000 g; over 4 epochs 250 g, over 2000 steps 0.5 g.
    const score = sciScore({
      operationalGrams: 900,
      embodiedGrams: 100,
      progress: { epochs: 4, steps: 2000, samples: 64_000, tokens: 1e6 },
    });
    expect(score).toEqual({
      isEmbodiedIncluded: true,
      perRun: 1000,
      perEpoch: 250,
      perStep: 0.5,
      perSample: 1000 / 64_000,
      perToken: 0.001,
    });
  });

  it('says when M is not in it, and is nothing where R is not known or 0', () => {
    const score = sciScore({ operationalGrams: 900, embodiedGrams: null, progress: { ...noProgress, epochs: 0 } });
    expect(score).toMatchObject({ isEmbodiedIncluded: false, perRun: 900, perEpoch: null, perStep: null });
    expect(sciScore({ operationalGrams: null, embodiedGrams: 5, progress: noProgress }).perRun).toBeNull();
  });
});

it('gives a run its part of what is embodied: by time and by share', () => {
  // 1500 kg over 4 Julian years of 8766 h: 42.78 g an hour. Ten hours on half of the machine: 213.9 g.
  const items = [{ name: 'server', kilogramsCO2e: 1500, serviceLifeYears: 4 }];
  expect(embodiedGrams(items, 36_000, 0.5)).toBeCloseTo((1_500_000 / (4 * 8766)) * 10 * 0.5, 9);
  const both = [...items, { name: 'GPU', kilogramsCO2e: 150, serviceLifeYears: 4 }];
  expect(embodiedGrams(both, 36_000, 0.5)).toBeCloseTo((1_650_000 / (4 * 8766)) * 10 * 0.5, 9);
});
