import type { AlertRuleInput, RulePreview } from '../../shared/model/alert.ts';
import type { Domain } from '../../shared/model/domain.ts';
import type { History, HistoryQuery, SeriesOf } from '../../shared/model/history.ts';
import type { Store } from '../store/store.ts';
import { ruleDefinition } from './registry.ts';
import { type AlertSample, type RuleDefinition, sampleAt } from './rule.ts';
import { ruleFromInput } from './rule-input.ts';

export interface PreviewInput {
  readonly input: AlertRuleInput;
  readonly fromMs: number;
  readonly toMs: number;
}

const mostPoints = 2880;
const mostFirings = 200;

/**
 * When a rule would have fired, stepped over the means of the record. Only for rules of one quantity over the machine or its devices; the record of a day is
 * half a minute a point, so that a shorter hold is seen as one point.
 */
export function previewRule(
  store: Pick<Store, 'queryHistory'>,
  domains: readonly Domain[],
  { input, fromMs, toMs }: PreviewInput,
): RulePreview {
  const rule = ruleFromInput(input, null, toMs);
  const definition = ruleDefinition(rule.kind);
  const targets = targetsOf(rule.scope, domains);
  const quantity = definition?.descriptor.quantity ?? null;
  const nothing = { fromMs, toMs, pointSeconds: 0, firings: [] };
  if (definition === undefined || quantity === null || targets.length === 0) return nothing;
  const series: HistoryQuery['series'] = targets.map(({ key, of }) => ({ key, of, quantity }));
  const history = store.queryHistory({ fromMs, toMs, maxPoints: mostPoints, series });
  const firings = targets.flatMap((target) =>
    replay(definition, rule.params, { history, target, quantity }).map((firing) => ({
      ...firing,
      target: target.key,
      label: target.label,
    })),
  );
  return {
    fromMs,
    toMs,
    pointSeconds: history.bucketSeconds,
    firings: firings.toSorted((a, b) => a.firedAtMs - b.firedAtMs).slice(0, mostFirings),
  };
}

interface PreviewTarget {
  readonly key: string;
  readonly label: string;
  readonly of: SeriesOf;
  readonly memoryTotalBytes: number | null;
}

function targetsOf(scope: AlertRuleInput['scope'], domains: readonly Domain[]): readonly PreviewTarget[] {
  if (scope.kind === 'machine')
    return [{ key: 'machine', label: 'Whole machine', of: { kind: 'machine' }, memoryTotalBytes: null }];
  return domains
    .filter((domain) =>
      scope.kind === 'domain' ? domain.id === scope.domainId : scope.kind === 'any-gpu' && domain.kind === 'gpu',
    )
    .map(({ id, label, memoryTotalBytes }) => ({
      key: id,
      label,
      memoryTotalBytes,
      of: { kind: 'domain', domainId: id },
    }));
}

interface Replay {
  readonly history: History;
  readonly target: PreviewTarget;
  readonly quantity: keyof AlertSample & string;
}

function replay(definition: RuleDefinition, params: AlertRuleInput['params'], { history, target, quantity }: Replay) {
  const column = history.series.find((series) => series.key === target.key)?.mean ?? [];
  const firings: { firedAtMs: number; clearedAtMs: number | null; value: number | null }[] = [];
  let { initial: state } = definition;
  let isFiring = false;
  for (const [index, atMs] of history.timesMs.entries()) {
    const value = column[index] ?? null;
    const step = definition.step(
      state,
      sampleAt(atMs, { [quantity]: value, memoryTotalBytes: target.memoryTotalBytes }),
      params,
    );
    state = step.state;
    const last = firings.at(-1);
    if (step.phase === 'firing' && !isFiring) firings.push({ firedAtMs: atMs, clearedAtMs: null, value });
    if (step.phase !== 'firing' && isFiring && last !== undefined) last.clearedAtMs = atMs;
    isFiring = step.phase === 'firing';
  }
  return firings;
}
