import { describe, expect, it } from 'vitest';
import { kwhFromJoules } from '../../shared/units.ts';
import { axisUnit, valueLabels } from './axis-text.ts';
import { valueAxis } from './value-axis.ts';

function energyLabels(highestJoules: number): { readonly word: string; readonly labels: readonly string[] } {
  const axis = valueAxis({
    timesMs: [1000],
    fromMs: 0,
    toMs: 1000,
    unit: 'kilowatt-hours',
    series: [{ key: 'gpu', label: 'GPU', color: 's1', kind: 'line', mean: [kwhFromJoules(highestJoules)] }],
    ariaSentence: '',
  });
  const { word, divisor } = axisUnit('kilowatt-hours', axis.max);
  return { word, labels: valueLabels(axis.values, divisor, 'en') };
}

describe('an axis of energy', () => {
  it('has steps of 1, 2 or 5 joules', () => {
    // 83 / 5 = 16.6, the next of 1-2-5 is 20; 5 steps reach 100.
    expect(energyLabels(83)).toEqual({ word: 'J', labels: ['0', '20', '40', '60', '80', '100'] });
  });

  it('has steps of 1, 2 or 5 of the next unit where it ends in that', () => {
    // 310 J would end at 400 J, 0.11 Wh; 0.0861 Wh / 5 = 0.0172, step 0.02; 5 steps reach 0.1 Wh.
    expect(energyLabels(310)).toEqual({ word: 'Wh', labels: ['0', '0.02', '0.04', '0.06', '0.08', '0.10'] });
    // 900 kJ are 250 Wh, 0.25 kWh: step 0.05.
    expect(energyLabels(900_000)).toEqual({
      word: 'kWh',
      labels: ['0', '0.05', '0.10', '0.15', '0.20', '0.25'],
    });
  });
});
