import { expect, it } from 'vitest';
import { axisUnit, elapsedLabel, timeLabel, valueLabels } from './axis-text.ts';

it('is in kW from an axis of 2,000 W on', () => {
  expect([axisUnit('watts', 1500).word, axisUnit('watts', 2000).word]).toEqual(['W', 'kW']);
});

it('writes all ticks with the decimals their step needs', () => {
  expect(valueLabels([0, 500, 1000, 1500, 2000], 1000, 'en')).toEqual(['0', '0.5', '1.0', '1.5', '2.0']);
  expect(valueLabels([0, 1000, 2000], 1, 'en')).toEqual(['0', '1,000', '2,000']);
});

it('shows seconds in short windows and days in long ones', () => {
  const at = new Date(2026, 10, 22, 14, 5, 9).getTime();
  expect(timeLabel(at, { fromMs: at - 60_000, toMs: at }, 'en')).toBe('14:05:09');
  expect(timeLabel(at, { fromMs: at - 3_600_000, toMs: at }, 'en')).toBe('14:05');
  expect(timeLabel(at, { fromMs: at - 3 * 86_400_000, toMs: at }, 'en')).toBe('22 Nov');
});

it('writes time since the start without empty parts', () => {
  const minute = 60_000;
  const texts = [0, minute / 2, 10 * minute, 120 * minute, 90 * minute, 48 * 60 * minute];
  expect(texts.map((at) => elapsedLabel(at, 'en').replaceAll('\u202f', ' '))).toEqual([
    '0',
    '30 s',
    '10 min',
    '2 h',
    '1 h 30 min',
    '2 d',
  ]);
  expect(timeLabel(0, { fromMs: 0, toMs: minute, isElapsed: true }, 'en')).toBe('0');
});
