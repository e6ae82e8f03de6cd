import { expect, it } from 'vitest';
import { costsText, shareText, trendKind, trendText } from './project-texts.ts';

const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');
const trend = (ratio: number | null) => ({ days: 28, recentJoules: 1, beforeJoules: 1, ratio });

it('says which way a project goes, and nothing where there was nothing before', () => {
  expect([1.12, 0.6, 1.004, null].map((ratio) => trendKind(trend(ratio)))).toEqual(['more', 'less', 'same', 'none']);
  expect([1.12, 0.6, null].map((ratio) => plain(trendText(trend(ratio), { locale: 'en' })))).toEqual([
    '↑ 12 %',
    '↓ 40 %',
    '–',
  ]);
});

it('adds no amounts of different currencies', () => {
  const costs = [
    { currency: 'EUR', amount: 12.3 },
    { currency: 'CHF', amount: 4 },
  ];
  expect(plain(costsText(costs, { locale: 'en' }))).toBe('€12.30 + CHF 4.00');
  expect(costsText([], { locale: 'en' })).toBe('–');
});

it('gives a part of nothing no share', () => {
  expect(plain(shareText(1, 8, { locale: 'en' }))).toBe('13 %');
  expect([shareText(0, 0, { locale: 'en' }), shareText(1, null, { locale: 'en' })]).toEqual(['–', '–']);
});
