import {
  type AlertLevel,
  type RuleDescriptor,
  type RuleParams,
  ruleDescriptorDefaults,
} from '../../../shared/model/alert.ts';
import {
  type AlertSample,
  type BudgetPeriod,
  budgetPeriods,
  defineRule,
  numberOf,
  type RuleDefinition,
  type SpentEnergy,
} from '../rule.ts';

/** How much of the budget has been told of in its present span. */
export interface BudgetState {
  readonly period: string | null;
  readonly toldPercent: number;
}

/** Warnings, in percent of the budget. */
export const budgetStages = [50, 80, 100] as const;

export const periodOf = (params: RuleParams): BudgetPeriod =>
  budgetPeriods.find((period) => period === params.period) ?? 'month';

interface BudgetKind {
  readonly kind: string;
  readonly label: string;
  readonly unit: string;
  readonly limitKey: string;
  readonly nameTemplate: string;
  readonly defaultValue: number;
  /** In `unit`; null: not known. */
  readonly amountOf: (spent: SpentEnergy) => number | null;
}

/**
 * A budget of one span: a run, a project as a whole, a local day or a local month. At 50 and at 80 % it speaks once; at 100 % it fires until the span is over
 * or the budget is raised. What was passed in one go is told of once, by its highest share.
 */
export function defineBudget(kind: BudgetKind): RuleDefinition {
  const amountOf = (sample: AlertSample, params: RuleParams): number | null => {
    const spent = sample.spent?.[periodOf(params)];
    return spent === undefined ? null : kind.amountOf(spent);
  };
  return defineRule<BudgetState>({
    descriptor: descriptorOf(kind),
    initial: { period: null, toldPercent: 0 },
    valueOf: amountOf,
    step(state, sample, params) {
      const spent = sample.spent?.[periodOf(params)];
      const amount = amountOf(sample, params);
      // Not known now: neither passed nor over.
      if (spent === undefined || amount === null)
        return { state, phase: state.toldPercent >= 100 ? 'firing' : 'armed' };
      const toldPercent = state.period === spent.key ? state.toldPercent : 0;
      const percent = (100 * amount) / numberOf(params, kind.limitKey, Number.POSITIVE_INFINITY);
      const reached = budgetStages.findLast((stage) => percent >= stage) ?? 0;
      const isNew = reached > toldPercent;
      // A span can be spent less of than before when runs are taken off the record; what was told stays told.
      const next = { period: spent.key, toldPercent: Math.max(reached, toldPercent) };
      if (isNew && reached < 100)
        return { state: next, phase: 'firing', isMoment: true, stagePercent: reached, period: spent.key };
      if (reached < 100) return { state: next, phase: 'armed', period: spent.key };
      return { state: next, phase: 'firing', period: spent.key, ...(isNew ? { stagePercent: reached } : {}) };
    },
    restore(told, params) {
      const limit = numberOf(params, kind.limitKey);
      // Newest first: the span that was last spoken of, as long as it was about this budget.
      const [newest] = told;
      const same = told.filter((one) => one.period === newest?.period && one.limit === limit);
      return {
        period: newest?.period ?? null,
        toldPercent: Math.max(0, ...same.map((one) => one.stagePercent)),
      };
    },
    levelOf: (level, stagePercent) =>
      stagePercent === 50 ? 'note' : stagePercent === 80 ? atMostWarning(level) : level,
  });
}

const atMostWarning = (level: AlertLevel): AlertLevel => (level === 'critical' ? 'warning' : level);

function descriptorOf({ kind, label, unit, limitKey, nameTemplate, defaultValue }: BudgetKind): RuleDescriptor {
  return {
    ...ruleDescriptorDefaults,
    kind,
    label,
    definition:
      'Speaks once at 50 % and once at 80 % of the budget; fires at 100 % until the day, the month or the run is over. The day and the month are those of the local calendar.',
    nameTemplate,
    scopes: ['machine', 'any-run', 'run', 'any-project', 'project'],
    fields: [{ key: limitKey, label: 'Budget', unit, min: 0.001, max: 1e9, step: 1, defaultValue }],
    choices: [
      {
        key: 'period',
        label: 'Per',
        choices: [
          { value: 'month', label: 'Month', scopes: ['machine', 'any-project', 'project'] },
          { value: 'day', label: 'Day', scopes: ['machine', 'any-project', 'project'] },
          { value: 'whole', label: 'As a whole', scopes: ['any-run', 'run', 'any-project', 'project'] },
        ],
      },
    ],
    unit,
    limitKey,
    isBudget: true,
  };
}
