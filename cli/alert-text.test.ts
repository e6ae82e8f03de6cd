import { expect, it } from 'vitest';
import { budgetText } from './alert-text.ts';

it('says of a budget what is spent, cut off as the page cuts it', () => {
  const budget = {
    ruleId: 'r1',
    ruleName: 'Budget 2000 kWh (month)',
    target: 'machine',
    label: 'Whole machine',
    unit: 'kWh',
    period: 'month' as const,
    fromMs: 0,
    toMs: null,
    // 99.95 %.
    spent: 1999,
    limit: 2000,
    toldPercent: 80,
    projected: null,
    basisSeconds: null,
    reachedAtMs: null,
  };
  expect(budgetText(budget)).toBe('Budget 2000 kWh (month), Whole machine: 1999 of 2000 kWh, 99 %');
});
