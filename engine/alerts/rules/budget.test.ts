import { describe, expect, it } from 'vitest';
import { joulesFromKwh } from '../../../shared/units.ts';
import { sampleAt } from '../rule.ts';
import { carbonBudget } from './carbon-budget.ts';
import { costBudget } from './cost-budget.ts';
import { energyBudget } from './energy-budget.ts';

const params = { limitKwh: 100, period: 'day' };
const at = (kwh: number, key = '2026-11-29') =>
  sampleAt(0, { spent: { day: { key, joules: joulesFromKwh(kwh), gramsCO2e: kwh * 400, cost: kwh * 0.3 } } });

/** What is told in each step: the share, or 'over' while it fires without a word, or nothing. */
function told(samples: readonly ReturnType<typeof sampleAt>[], state = energyBudget.initial): readonly string[] {
  let present = state;
  return samples.map((sample) => {
    const step = energyBudget.step(present, sample, params);
    present = step.state;
    const share = step.stagePercent === undefined ? '' : `${step.stagePercent}${step.isMoment === true ? ' once' : ''}`;
    return share === '' ? step.phase : share;
  });
}

it('speaks once at 50 and at 80 %, and fires from 100 % on until the day is over', () => {
  const day = [at(49.9), at(50), at(60), at(80), at(99), at(100), at(130), at(1, '2026-11-30')];
  expect(told(day)).toEqual(['armed', '50 once', 'armed', '80 once', 'armed', '100', 'firing', 'armed']);
});

describe('at the edges', () => {
  it('what is passed in one go is told of by its highest share', () => {
    expect(told([at(10), at(85), at(90)])).toEqual(['armed', '80 once', 'armed']);
  });

  it('every day has its own', () => {
    expect(told([at(60), at(55, '2026-11-30'), at(70, '2026-11-30')])).toEqual(['50 once', '50 once', 'armed']);
  });

  it('what is not known neither speaks nor is over', () => {
    expect(told([sampleAt(0), at(120), sampleAt(0), at(121)])).toEqual(['armed', '100', 'firing', 'firing']);
  });
});

describe('after a restart', () => {
  const restored = (told50: readonly { stagePercent: number; period: string; limit: number }[]) =>
    energyBudget.restore?.(told50, params);

  it('what was told is not told again', () => {
    const log = [
      { stagePercent: 80, period: '2026-11-29', limit: 100 },
      { stagePercent: 50, period: '2026-11-29', limit: 100 },
    ];
    expect(told([at(85), at(100)], restored(log))).toEqual(['armed', '100']);
  });

  it('what was told of another amount says nothing of this one', () => {
    expect(told([at(85)], restored([{ stagePercent: 80, period: '2026-11-29', limit: 50 }]))).toEqual(['80 once']);
  });
});

it('is a note at 50 %, a warning at 80 %, and the rule’s own level at 100 %', () => {
  const levels = [50, 80, 100].map((stage) => energyBudget.levelOf?.('critical', stage));
  expect(levels).toEqual(['note', 'warning', 'critical']);
  expect(energyBudget.levelOf?.('note', 80)).toBe('note');
});

it('counts kilograms by grams, and money only where there is a price', () => {
  // 100 kWh × 400 g = 40 kg; × 0.30 = 30.
  expect(carbonBudget.valueOf(at(100), { period: 'day' })).toBeCloseTo(40, 9);
  expect(costBudget.valueOf(at(100), { period: 'day' })).toBeCloseTo(30, 9);
  const unpriced = sampleAt(0, { spent: { day: { key: 'd', joules: 1, gramsCO2e: 1, cost: null } } });
  expect(costBudget.valueOf(unpriced, { period: 'day' })).toBeNull();
  expect(costBudget.step(costBudget.initial, unpriced, { period: 'day', limitAmount: 1 }).phase).toBe('armed');
});
