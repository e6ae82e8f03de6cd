import type { AlertRule, AlertScope } from '../../shared/model/alert.ts';
import type { StoredRule } from '../store/store.ts';
import { limitOf } from './alert-entry.ts';
import { machineTarget, runTarget } from './alert-tick.ts';
import { ruleDefinition } from './registry.ts';

/** What a rule is doing with one target. */
export interface WatchStatus {
  readonly phase: 'armed' | 'counting' | 'firing';
  readonly sinceMs: number;
  readonly value: number | null;
}

export interface StatusFacts {
  readonly watches: ReadonlyMap<string, WatchStatus>;
  readonly snoozedUntilMs: number | null;
  readonly lastFiredAtMs: number | null;
  readonly unit: string;
  readonly labelOf: (target: string) => string;
}

const order = { firing: 0, counting: 1, armed: 2 } as const;

/** A rule with what it is doing now: of several targets with the one that is nearest to firing. */
export function ruleStatus(rule: StoredRule, facts: StatusFacts): AlertRule {
  const definition = ruleDefinition(rule.kind);
  const sign = definition?.isLowWorse === true ? -1 : 1;
  const worth = ({ value }: WatchStatus): number => (value === null ? Number.NEGATIVE_INFINITY : sign * value);
  const [leading] = [...facts.watches].toSorted(([, a], [, b]) => {
    const byPhase = order[a.phase] - order[b.phase];
    return byPhase !== 0 || worth(a) === worth(b) ? byPhase : worth(b) - worth(a);
  });
  const [target, watch] = leading ?? [null, undefined];
  const state = !rule.isEnabled ? 'off' : facts.snoozedUntilMs !== null ? 'snoozed' : (watch?.phase ?? 'armed');
  return {
    ...rule,
    scopeLabel: scopeLabel(rule.scope, facts.labelOf),
    status: {
      state,
      sinceMs: watch?.sinceMs ?? null,
      value: watch?.value ?? null,
      lastFiredAtMs: facts.lastFiredAtMs,
      limit: limitOf(rule, definition),
      unit: facts.unit,
      label: target === null || target === machineTarget ? null : facts.labelOf(target),
      snoozedUntilMs: facts.snoozedUntilMs,
    },
  };
}

/** 'Whole machine', 'Any GPU', or what the one thing is called. */
export function scopeLabel(scope: AlertScope, labelOf: (target: string) => string): string {
  switch (scope.kind) {
    case 'machine':
      return 'Whole machine';
    case 'any-gpu':
      return 'Any GPU';
    case 'any-domain':
      return 'Any device';
    case 'any-run':
      return 'Any run';
    case 'any-project':
      return 'Any project';
    case 'domain':
      return labelOf(scope.domainId);
    case 'run':
      return labelOf(runTarget(scope.runId));
    case 'project':
      return scope.project;
  }
}
