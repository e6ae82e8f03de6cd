import { kilo } from '../../../shared/units.ts';
import { defineBudget } from './budget.ts';

/** Emissions in kg of CO2e, by the factor of the settings or, for a run, the one stored with it. */
export const carbonBudget = defineBudget({
  kind: 'carbon-budget',
  label: 'Carbon budget',
  unit: 'kg',
  limitKey: 'limitKilograms',
  nameTemplate: 'Budget {limitKilograms} kg CO₂e ({period})',
  defaultValue: 50,
  amountOf: ({ gramsCO2e }) => (gramsCO2e === null ? null : gramsCO2e / kilo),
});
