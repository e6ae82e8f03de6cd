import { expect, it } from 'vitest';
import { formatEmissionsWithBounds } from './emissions.ts';
import { quantityText } from './quantity.ts';
import { sciScores } from './sci-scores.ts';

const bare = { isEmbodiedIncluded: false, perEpoch: null, perSample: null, perToken: null };
const textOf = (score: Parameters<typeof formatEmissionsWithBounds>[0]): string =>
  quantityText(formatEmissionsWithBounds(score, { locale: 'en' })).replaceAll(/[\u00a0\u202f]/g, ' ');

it('have the digits of the run’s emissions', () => {
  const emissions = { gramsCO2e: 0.0175, lowGramsCO2e: 0.0135, highGramsCO2e: 0.0215 };
  const scores = sciScores({ ...bare, perRun: 0.0175, perStep: 0.00175 }, emissions);
  // ±0.004 of a run, and of each of its ten steps a tenth.
  expect(scores.map(({ unit, score }) => `${textOf(score)} per ${unit}`)).toEqual([
    '0.018 g CO₂e ±0.004 per run',
    '0.0018 g CO₂e ±0.0004 per step',
  ]);
});

it('are no less sure for what was declared', () => {
  const emissions = { gramsCO2e: 2, lowGramsCO2e: 1.5, highGramsCO2e: 2.5 };
  // 8 g are embodied: the band stays ±0.5 g.
  const [score] = sciScores({ ...bare, isEmbodiedIncluded: true, perRun: 10, perStep: null }, emissions);
  expect(score?.score).toEqual({ gramsCO2e: 10, lowGramsCO2e: 9.5, highGramsCO2e: 10.5 });
});

it('have no bounds where the emissions have none', () => {
  const emissions = { gramsCO2e: 2, lowGramsCO2e: null, highGramsCO2e: null };
  expect(sciScores({ ...bare, perRun: 2, perStep: null }, emissions)).toEqual([{ unit: 'run', score: emissions }]);
});
