import { randomUUID } from 'node:crypto';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { AlertLogEntry, AlertRule, AlertRuleInput, AlertScope } from '../../shared/model/alert.ts';
import type { Domain } from '../../shared/model/domain.ts';
import type { FiringAlert } from '../../shared/model/live.ts';
import type { Store, StoredRule } from '../store/store.ts';
import { ruleDefinitions } from './registry.ts';
import type { RuleDefinition } from './rule.ts';

/** What rules are held against in one tick. */
export interface AlertTick {
  readonly monotonicMs: number;
  readonly unixMs: number;
  readonly machineWatts: number | null;
  /** Power now by domain; null: no reading. */
  readonly domainWatts: ReadonlyMap<string, number | null>;
  readonly runIdsOf: (domainId: string | null) => readonly string[];
}

export interface AlertBookOptions {
  readonly store: Store;
  readonly domains: () => readonly Domain[];
  readonly unixMs: () => number;
  readonly onFired: (entry: AlertLogEntry) => void;
  readonly onCleared: (entry: AlertLogEntry) => void;
  readonly onChanged: () => void;
}

export interface AlertBook {
  step(tick: AlertTick): void;
  listRules(): readonly AlertRule[];
  putRule(input: AlertRuleInput): AlertRule;
  removeRule(ruleId: string): void;
  test(ruleId: string): AlertLogEntry;
  acknowledge(alertId: string): void;
  snooze(ruleId: string, seconds: number): void;
  firing(): readonly FiringAlert[];
  /** Closes what an engine that is gone left firing. */
  closeStale(unixMs: number): void;
}

interface Watch {
  readonly definition: RuleDefinition;
  state: unknown;
  phase: 'armed' | 'counting' | 'firing';
  sinceMs: number;
  value: number | null;
  entry: AlertLogEntry | null;
}

const machineKey = 'machine';

/** The rules in force, what each is doing, and the log of what they said. */
export function createAlertBook(options: AlertBookOptions): AlertBook {
  const { store, onFired, onCleared, onChanged } = options;
  const watches = new Map<string, Map<string, Watch>>();
  const snoozedUntilMs = new Map<string, number>();
  const lastFiredMs = new Map<string, number>();
  let rules: StoredRule[] = [...store.listRules()];
  for (const entry of store.listAlerts({ limit: 500 }))
    if (!lastFiredMs.has(entry.ruleId)) lastFiredMs.set(entry.ruleId, entry.firedAtMs);

  const labelOf = (domainId: string): string =>
    options.domains().find((domain) => domain.id === domainId)?.label ?? domainId;

  function targetsOf(rule: StoredRule, tick: AlertTick): readonly string[] {
    switch (rule.scope.kind) {
      case 'machine':
        return [machineKey];
      case 'domain':
        return [rule.scope.domainId];
      case 'any-gpu':
        return [...tick.domainWatts.keys()].filter((id) => id.startsWith('gpu:'));
    }
  }

  function stepTarget(rule: StoredRule, target: string, tick: AlertTick): void {
    const definition = ruleDefinitions.find((one) => one.descriptor.kind === rule.kind);
    if (definition === undefined) return;
    const byTarget = watches.get(rule.id) ?? new Map<string, Watch>();
    watches.set(rule.id, byTarget);
    const watch = byTarget.get(target) ?? {
      definition,
      state: definition.initial,
      phase: 'armed' as const,
      sinceMs: tick.unixMs,
      value: null,
      entry: null,
    };
    byTarget.set(target, watch);
    watch.value = target === machineKey ? tick.machineWatts : (tick.domainWatts.get(target) ?? null);
    const { state, phase } = definition.step(
      watch.state,
      { atMs: tick.monotonicMs, powerWatts: watch.value },
      rule.params,
    );
    watch.state = state;
    if (phase !== watch.phase) watch.sinceMs = tick.unixMs;
    if (phase === 'firing' && watch.entry === null) fire(rule, target, watch, tick);
    else if (phase !== 'firing' && watch.entry !== null) clear(watch, tick.unixMs);
    else if (watch.entry !== null && watch.value !== null && watch.value > (watch.entry.peakWatts ?? 0))
      watch.entry = { ...watch.entry, peakWatts: watch.value };
    watch.phase = phase;
  }

  function newEntry(rule: StoredRule, target: string, value: number | null, unixMs: number): AlertLogEntry {
    const definition = ruleDefinitions.find((one) => one.descriptor.kind === rule.kind);
    return {
      id: randomUUID(),
      ruleId: rule.id,
      ruleName: rule.name,
      level: rule.level,
      scopeLabel: target === machineKey ? 'Whole machine' : labelOf(target),
      firedAtMs: unixMs,
      clearedAtMs: null,
      valueWatts: value,
      peakWatts: value,
      limitWatts: definition?.limitWatts(rule.params) ?? null,
      runIds: [],
      isTest: false,
      isAcknowledged: false,
      deliveries: [],
    };
  }

  function fire(rule: StoredRule, target: string, watch: Watch, tick: AlertTick): void {
    const runIds = [...tick.runIdsOf(target === machineKey ? null : target)];
    const entry: AlertLogEntry = { ...newEntry(rule, target, watch.value, tick.unixMs), runIds };
    watch.entry = entry;
    lastFiredMs.set(rule.id, tick.unixMs);
    store.putAlert(entry);
    if ((snoozedUntilMs.get(rule.id) ?? 0) <= tick.unixMs) onFired(entry);
    onChanged();
  }

  function clear(watch: Watch, unixMs: number): void {
    if (watch.entry === null) return;
    const entry: AlertLogEntry = { ...watch.entry, clearedAtMs: unixMs };
    watch.entry = null;
    store.putAlert(entry);
    onCleared(entry);
    onChanged();
  }

  function dropWatches(ruleId: string): void {
    for (const watch of watches.get(ruleId)?.values() ?? []) clear(watch, options.unixMs());
    watches.delete(ruleId);
  }

  function ruleById(ruleId: string): StoredRule {
    const rule = rules.find((one) => one.id === ruleId);
    if (rule === undefined)
      throw new WattrunError(
        'alerts/not-found',
        `There is no alert rule ${ruleId}.`,
        'List them with: wattrun alerts list',
      );
    return rule;
  }

  function described(rule: StoredRule): AlertRule {
    const all = [...(watches.get(rule.id)?.values() ?? [])];
    const order = { firing: 0, counting: 1, armed: 2 } as const;
    const leading = all.sort((a, b) => order[a.phase] - order[b.phase] || (b.value ?? 0) - (a.value ?? 0))[0];
    const isSnoozed = (snoozedUntilMs.get(rule.id) ?? 0) > options.unixMs();
    const state = !rule.isEnabled ? 'off' : isSnoozed ? 'snoozed' : (leading?.phase ?? 'armed');
    return {
      ...rule,
      scopeLabel: scopeLabel(rule.scope),
      status: {
        state,
        sinceMs: leading?.sinceMs ?? null,
        value: leading?.value ?? null,
        lastFiredAtMs: lastFiredMs.get(rule.id) ?? null,
      },
    };
  }

  const scopeLabel = (scope: AlertScope): string =>
    scope.kind === 'machine' ? 'Whole machine' : scope.kind === 'any-gpu' ? 'Any GPU' : labelOf(scope.domainId);

  return {
    step(tick) {
      for (const rule of rules)
        if (rule.isEnabled) for (const target of targetsOf(rule, tick)) stepTarget(rule, target, tick);
    },
    listRules: () => rules.map(described),
    putRule(input) {
      const rule = ruleFromInput(input, input.id == null ? null : ruleById(input.id), options.unixMs());
      store.putRule(rule);
      if (input.id != null) dropWatches(rule.id);
      rules = rules.some((one) => one.id === rule.id)
        ? rules.map((one) => (one.id === rule.id ? rule : one))
        : [...rules, rule];
      onChanged();
      return described(rule);
    },
    removeRule(ruleId) {
      ruleById(ruleId);
      dropWatches(ruleId);
      store.removeRule(ruleId);
      rules = rules.filter((one) => one.id !== ruleId);
      onChanged();
    },
    test(ruleId) {
      const rule = ruleById(ruleId);
      const nowMs = options.unixMs();
      const value = described(rule).status.value;
      const entry: AlertLogEntry = {
        ...newEntry(rule, rule.scope.kind === 'domain' ? rule.scope.domainId : machineKey, value, nowMs),
        clearedAtMs: nowMs,
        isTest: true,
      };
      store.putAlert(entry);
      onFired(entry);
      onChanged();
      return entry;
    },
    acknowledge(alertId) {
      for (const byTarget of watches.values()) {
        for (const watch of byTarget.values()) {
          if (watch.entry?.id !== alertId) continue;
          watch.entry = { ...watch.entry, isAcknowledged: true };
          store.putAlert(watch.entry);
          return onChanged();
        }
      }
      throw new WattrunError('alerts/not-found', 'That alert is not firing any more.');
    },
    snooze(ruleId, seconds) {
      ruleById(ruleId);
      snoozedUntilMs.set(ruleId, options.unixMs() + seconds * 1000);
      onChanged();
    },
    firing() {
      const entries = rules.flatMap((rule) =>
        [...(watches.get(rule.id)?.values() ?? [])].flatMap((watch) => watch.entry ?? []),
      );
      return entries.map(
        ({
          id,
          ruleId,
          ruleName,
          level,
          scopeLabel: label,
          firedAtMs,
          valueWatts,
          peakWatts,
          limitWatts,
          isAcknowledged,
        }) => ({
          id,
          ruleId,
          ruleName,
          level,
          scopeLabel: label,
          firedAtMs,
          valueWatts,
          peakWatts,
          limitWatts,
          isAcknowledged,
        }),
      );
    },
    closeStale(unixMs) {
      for (const entry of store.listAlerts({ limit: 1000 }))
        if (entry.clearedAtMs === null) store.putAlert({ ...entry, clearedAtMs: unixMs });
    },
  };
}

function ruleFromInput(input: AlertRuleInput, before: StoredRule | null, nowMs: number): StoredRule {
  const definition = ruleDefinitions.find((one) => one.descriptor.kind === input.kind);
  if (definition === undefined)
    throw new WattrunError(
      'alerts/invalid',
      `There is no kind of rule named ${input.kind}.`,
      `Kinds: ${ruleDefinitions.map((one) => one.descriptor.kind).join(', ')}`,
    );
  const { descriptor } = definition;
  if (!descriptor.scopes.includes(input.scope.kind))
    throw new WattrunError('alerts/invalid', `${descriptor.label} cannot watch ${input.scope.kind}.`);
  const params: Record<string, number> = {};
  for (const field of descriptor.fields) {
    const value = input.params[field.key] ?? field.defaultValue;
    if (!(value >= field.min && value <= field.max))
      throw new WattrunError(
        'alerts/invalid',
        `${field.key} must lie between ${field.min} and ${field.max} ${field.unit}.`,
      );
    params[field.key] = value;
  }
  const name =
    input.name?.trim() || descriptor.nameTemplate.replace(/\{(\w+)\}/g, (_, key: string) => String(params[key] ?? ''));
  return {
    id: before?.id ?? randomUUID().slice(0, 8),
    kind: input.kind,
    name,
    scope: input.scope,
    params,
    level: input.level,
    isEnabled: input.isEnabled,
    createdAtMs: before?.createdAtMs ?? nowMs,
  };
}
