import { expect, it } from 'vitest';
import { searchRegions } from './region-search.ts';

const region = (code: string, name: string) => ({
  code,
  name,
  intensityGramsCO2ePerKwh: 1,
  year: 2023,
  source: '',
});
const regions = [
  region('DEU', 'Germany'),
  region('NER', 'Niger'),
  region('NGA', 'Nigeria'),
  region('DZA', 'Algeria'),
  region('CIV', "Côte d'Ivoire"),
  region('NZL', 'New Zealand'),
  region('WORLD', 'World'),
];
const found = (text: string): readonly string[] => searchRegions(regions, text).map(({ code }) => code);

it('puts the world first and the rest by name while nothing is typed', () => {
  expect(found('')).toEqual(['WORLD', 'DZA', 'CIV', 'DEU', 'NZL', 'NER', 'NGA']);
});

it('puts names that begin with the text before those that only hold it', () => {
  expect(found('ni')).toEqual(['NER', 'NGA']);
  expect(found('ger')).toEqual(['DEU', 'DZA', 'NER', 'NGA']);
});

it('finds by a later word, by code and without accents', () => {
  expect(found('zea')).toEqual(['NZL']);
  expect(found('deu')).toEqual(['DEU']);
  expect(found('cote')).toEqual(['CIV']);
});

it('finds nothing for what is not there', () => {
  expect(found('atlantis')).toEqual([]);
});
