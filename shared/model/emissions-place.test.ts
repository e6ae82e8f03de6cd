import { expect, it } from 'vitest';
import { placeOf } from './emissions-place.ts';

const share = {
  source: 'GB Carbon Intensity API, GB',
  kind: 'average' as const,
  isEstimated: false,
  isFallback: false,
  joules: 3,
  energyRatio: 0.75,
  gramsCO2e: 1,
  intensityGramsCO2ePerKwh: 100,
};
const emissions = { region: 'WORLD', regionName: 'World average' };

it('is what most of the energy stands on: the grid that was read, else the region', () => {
  expect(placeOf({ ...emissions, byIntensity: [share] })).toBe('GB Carbon Intensity API, GB');
  expect(placeOf({ ...emissions, byIntensity: [{ ...share, isFallback: true }, share] })).toBe('World average');
  expect(placeOf(emissions, (code) => `(${code})`)).toBe('(WORLD)');
});
