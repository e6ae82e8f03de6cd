import type { BudgetStatus } from '../../shared/model/alert.ts';
import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import type { StoredRule } from '../store/store.ts';
import { limitOf } from './alert-entry.ts';
import { type AlertTick, targetLists, targetsOf } from './alert-tick.ts';
import { ruleDefinition } from './registry.ts';
import { budgetStages, periodOf } from './rules/budget.ts';
import type { SpentLedger } from './spent-ledger.ts';

export interface BudgetInput {
  readonly rules: readonly StoredRule[];
  readonly tick: AlertTick;
  readonly spent: SpentLedger;
  readonly currency: string;
  readonly labelOf: (target: string) => string;
}

/** With less than this behind it, a rate says nothing. */
const leastBasisSeconds = 600;

/** Every budget and whom it is about: what is spent, and where that leads if it goes on as it did since the span's first reading. */
export function budgetStatuses(input: BudgetInput): readonly BudgetStatus[] {
  const lists = targetLists(input.tick);
  return input.rules.flatMap((rule) => {
    const definition = ruleDefinition(rule.kind);
    if (definition === undefined || !definition.descriptor.isBudget || !rule.isEnabled) return [];
    return targetsOf(rule.scope, definition, { lists, tick: input.tick })
      .filter((target) => input.tick.samples.has(target))
      .map((target) => statusOf(rule, target, input));
  });
}

function statusOf(rule: StoredRule, target: string, { tick, spent, currency, labelOf }: BudgetInput): BudgetStatus {
  const definition = ruleDefinition(rule.kind);
  const period = periodOf(rule.params);
  const sample = tick.samples.get(target);
  const amount = sample === undefined || definition === undefined ? null : definition.valueOf(sample, rule.params);
  const limit = limitOf(rule, definition) ?? 0;
  const span = period === 'whole' ? null : spent.span(period);
  const knownFromMs = spent.knownFromMs(target, period);
  const percent = amount === null || limit <= 0 ? 0 : (100 * amount) / limit;
  const unit = definition?.descriptor.unit ?? '';
  return {
    ruleId: rule.id,
    ruleName: rule.name,
    target,
    label: target === 'machine' ? 'Whole machine' : labelOf(target),
    unit: unit === 'money' ? currency : unit,
    period,
    fromMs: span?.fromMs ?? knownFromMs ?? tick.unixMs,
    toMs: span?.toMs ?? null,
    spent: amount,
    limit,
    toldPercent: budgetStages.findLast((stage) => percent >= stage) ?? 0,
    ...projection({ amount, limit, knownFromMs, nowMs: tick.unixMs, toMs: span?.toMs ?? null }),
  };
}

interface Course {
  readonly amount: number | null;
  readonly limit: number;
  readonly knownFromMs: number | null;
  readonly nowMs: number;
  readonly toMs: number | null;
}

/** amount + amount ÷ time behind it × time left. A run has no end that is known: of it only when the budget is reached. */
export function projection({
  amount,
  limit,
  knownFromMs,
  nowMs,
  toMs,
}: Course): Pick<BudgetStatus, 'projected' | 'basisSeconds' | 'reachedAtMs'> {
  const basisSeconds = knownFromMs === null ? 0 : secondsFromMs(nowMs - knownFromMs);
  if (amount === null || basisSeconds < leastBasisSeconds)
    return { projected: null, basisSeconds: null, reachedAtMs: null };
  const perSecond = amount / basisSeconds;
  const projected = toMs === null ? null : amount + perSecond * Math.max(0, secondsFromMs(toMs - nowMs));
  const reachedAtMs = perSecond > 0 && amount < limit ? nowMs + msFromSeconds((limit - amount) / perSecond) : null;
  return {
    projected,
    basisSeconds,
    reachedAtMs: reachedAtMs === null || (toMs !== null && reachedAtMs > toMs) ? null : reachedAtMs,
  };
}
