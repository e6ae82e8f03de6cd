import type { AlertRuleInput, RulePreview } from '../../shared/model/alert.ts';
import type { Domain } from '../../shared/model/domain.ts';
import type { History, HistoryQuery, SeriesOf } from '../../shared/model/history.ts';
import { msFromSeconds } from '../../shared/units.ts';
import type { Store } from '../store/store.ts';
import { ruleDefinition } from './registry.ts';
import { type AlertSample, numberOf, type RuleDefinition, sampleAt } from './rule.ts';
import { ruleFromInput } from './rule-input.ts';

export interface PreviewInput {
  readonly input: AlertRuleInput;
  readonly fromMs: number;
  readonly toMs: number;
  /** How often is sampled. */
  readonly periodSeconds: number;
}

const mostPoints = 3600;
const mostFirings = 200;
/** Of the window, what is stepped over before it: a rule that fires as the window begins fired before. */
const leastWarmUpRatio = 0.25;
/** Points further apart than samples ever are lie on a grid that stays, whatever their jitter. */
const leastPeriodsAPoint = 2;

/**
 * When a rule would have fired, stepped over the means of the record. Only for rules of one quantity over the machine or its devices; the record of a day is
 * half a minute a point, so that a shorter hold is seen as one point. A firing is the same in every window that it is in, and what is new only adds.
 */
export function previewRule(
  store: Pick<Store, 'queryHistory'>,
  domains: readonly Domain[],
  { input, fromMs, toMs, periodSeconds }: PreviewInput,
): RulePreview {
  const rule = ruleFromInput(input, null, toMs);
  const definition = ruleDefinition(rule.kind);
  const targets = targetsOf(rule.scope, domains);
  const quantity = definition?.descriptor.quantity ?? null;
  const nothing = { fromMs, toMs, pointSeconds: 0, firings: [] };
  if (definition === undefined || quantity === null || targets.length === 0) return nothing;
  const series: HistoryQuery['series'] = targets.map(({ key, of }) => ({ key, of, quantity }));
  const history = store.queryHistory({
    ...gridOf({ fromMs, toMs, periodSeconds }, holdMsOf(definition, rule.params)),
    series,
  });
  const firings = targets.flatMap((target) =>
    replay(definition, rule.params, { history, target, quantity })
      .filter(({ firedAtMs }) => firedAtMs > fromMs)
      .map((firing) => ({ ...firing, target: target.key, label: target.label })),
  );
  return {
    fromMs,
    toMs,
    pointSeconds: history.bucketSeconds,
    firings: firings.toSorted((a, b) => a.firedAtMs - b.firedAtMs).slice(0, mostFirings),
  };
}

/** The longest that what was before a moment can bear on it while nothing fires. */
const holdMsOf = ({ descriptor }: RuleDefinition, params: AlertRuleInput['params']): number =>
  msFromSeconds(
    descriptor.fields.filter(({ unit }) => unit === 's').reduce((sum, { key }) => sum + numberOf(params, key), 0),
  );

/** Whole milliseconds a point, and as many points as the window and what is before it take: the same grid for each window of that length. */
function gridOf(
  { fromMs, toMs, periodSeconds }: Omit<PreviewInput, 'input'>,
  holdMs: number,
): Pick<HistoryQuery, 'fromMs' | 'toMs' | 'maxPoints'> {
  const spanMs = toMs - fromMs;
  const wholeMs = spanMs + Math.max(leastWarmUpRatio * spanMs, 2 * holdMs);
  const pointMs = Math.ceil(Math.max(wholeMs / mostPoints, leastPeriodsAPoint * msFromSeconds(periodSeconds)));
  const points = Math.ceil(wholeMs / pointMs);
  return { fromMs: Math.floor(toMs) - points * pointMs, toMs: Math.floor(toMs), maxPoints: points };
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
  // The newest may still grow, or change: it counts once there is one after it.
  const newest = column.findLastIndex((value) => value !== null);
  for (const [index, value] of column.slice(0, Math.max(0, newest)).entries()) {
    const atMs = history.timesMs[index] ?? history.toMs;
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
