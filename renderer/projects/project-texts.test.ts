import { expect, it } from 'vitest';
import { costsText, joulesText, shareText, trendKind, trendText } from './project-texts.ts';

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

it('gives a part of a project’s energy the digits of its sum', () => {
  // The sum ends at whole joules.
  expect(plain(joulesText(6.14, { joules: 6.14, lowJoules: 2, highJoules: 20 }, { locale: 'en' }))).toBe('6 J');
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
