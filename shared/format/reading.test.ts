import { expect, it } from 'vitest';
import { readingText } from './reading.ts';

const plain = (value: number | null, unit: string): string =>
  readingText(value, unit, 'en').replaceAll(/[\u00a0\u202f]/g, ' ');

it('says what a rule watches by its unit', () => {
  expect(plain(4542, 'W')).toBe('4,542 W');
  expect(plain(87.34, '°C')).toBe('87.3 °C');
  expect(plain(5.26, '°C')).toBe('5.3 °C');
  expect(plain(71.4, 'EUR')).toBe('€71.40');
  expect(plain(94.6, '%')).toBe('95 %');
  expect(plain(null, 'W')).toBe('–');
});

it('says small amounts with three digits, and a limit as it was set', () => {
  expect([0.001, 0.000172, 0.5, 1.234, 2, 0].map((value) => plain(value, 'kWh'))).toEqual([
    '0.001 kWh',
    '0.000172 kWh',
    '0.5 kWh',
    '1.23 kWh',
    '2 kWh',
    '0 kWh',
  ]);
  expect([12.34, 1600].map((value) => plain(value, 'kg'))).toEqual(['12.3 kg CO₂e', '1,600 kg CO₂e']);
});
