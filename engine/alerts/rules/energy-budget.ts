import { kwhFromJoules } from '../../../shared/units.ts';
import { defineBudget } from './budget.ts';

/** Energy of the machine, a run or a project in kWh. */
export const energyBudget = defineBudget({
  kind: 'energy-budget',
  label: 'Energy budget',
  unit: 'kWh',
  limitKey: 'limitKwh',
  nameTemplate: 'Budget {limitKwh} kWh ({period})',
  defaultValue: 100,
  amountOf: ({ joules }) => kwhFromJoules(joules),
});
