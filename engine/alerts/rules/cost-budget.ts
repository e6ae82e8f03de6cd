import { defineBudget } from './budget.ts';

/** Money, in the currency of the price; without a price it stays silent. */
export const costBudget = defineBudget({
  kind: 'cost-budget',
  label: 'Cost budget',
  unit: 'money',
  limitKey: 'limitAmount',
  nameTemplate: 'Budget {limitAmount} ({period})',
  defaultValue: 50,
  amountOf: ({ cost }) => cost,
});
