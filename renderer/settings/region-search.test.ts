import { expect, it } from 'vitest';
import { searchRegions } from './region-search.ts';

const region = (code: string, name: string, nameZh = '') => ({
  code,
  name,
  nameZh,
  intensityGramsCO2ePerKwh: 1,
  year: 2023,
  source: '',
});
const regions = [
  region('DEU', 'Germany', '德国'),
  region('NER', 'Niger', '尼日尔'),
  region('NGA', 'Nigeria', '尼日利亚'),
  region('DZA', 'Algeria', '阿尔及利亚'),
  region('CIV', "Côte d'Ivoire", '科特迪瓦'),
  region('NZL', 'New Zealand', '新西兰'),
  region('WORLD', 'World', '全球'),
];
const found = (text: string, locale = 'en'): readonly string[] =>
  searchRegions(regions, text, locale).map(({ code }) => code);

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

it('is in the order of the language shown', () => {
  // By pinyin: A'erjiliya, Deguo, Ketediwa, Niri'er, Niriliya, Xinxilan.
  expect(found('', 'zh-CN')).toEqual(['WORLD', 'DZA', 'DEU', 'CIV', 'NER', 'NGA', 'NZL']);
});

it('finds by the name in either language, whichever is shown', () => {
  for (const locale of ['en', 'zh-CN']) {
    expect(found('germ', locale)).toEqual(['DEU']);
    expect(found('尼日', locale).toSorted()).toEqual(['NER', 'NGA']);
  }
});

it('finds nothing for what is not there', () => {
  expect(found('atlantis')).toEqual([]);
});
