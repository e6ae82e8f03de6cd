import { WattrunError } from '../../shared/contract/errors.ts';
import {
  type AlertLogEntry,
  type AlertQuestion,
  type AlertRule,
  type AlertRuleInput,
  defaultQuietHours,
  type QuietHours,
} from '../../shared/model/alert.ts';
import type { FiringAlert } from '../../shared/model/live.ts';
import { msFromSeconds } from '../../shared/units.ts';
import type { OutboxMessage, Store, StoredRule } from '../store/store.ts';
import { deliveryOf, firingAlert, hostDelivery, newEntry, stageOf, withPeak, withStep } from './alert-entry.ts';
import { type AlertTick, forgotten, isPart, machineTarget, targetLists, targetsOf } from './alert-tick.ts';
import { quietUntilMs } from './calendar.ts';
import type { MessageKind } from './deliveries/alert-message.ts';
import type { DestinationBook, MessageTo } from './deliveries/destination-book.ts';
import { createHeldAlerts } from './held-alerts.ts';
import { ruleDefinition } from './registry.ts';
import { type RuleDefinition, type RuleStep, sampleAt } from './rule.ts';
import { ruleFromInput } from './rule-input.ts';
import { ruleStatus, scopeLabel } from './rule-status.ts';
import { answerOf, createQuestion, lapsed, type RunActor } from './run-question.ts';
import { readSnoozes, writeSnoozes } from './snoozes.ts';

export interface AlertBookOptions {
  readonly store: Store;
  /** What people call a target that is in no tick: a device that is away, a run that ended. */
  readonly labelOf: (target: string) => string | null;
  readonly unixMs: () => number;
  readonly onFired: (entry: AlertLogEntry) => void;
  readonly onCleared: (entry: AlertLogEntry) => void;
  readonly onChanged: () => void;
  /** Writes that wait while the disk is full. */
  readonly write?: (work: () => void) => void;
  readonly quietHours?: () => QuietHours;
  /** The currency of cost budgets. */
  readonly currency?: () => string;
  readonly destinations?: Pick<DestinationBook, 'messagesFor' | 'sender'>;
  readonly actor?: RunActor;
  /** Ticks further apart than this leave a stretch that nobody watched. */
  readonly longestStepMs?: () => number;
}

export interface AlertBook {
  step(tick: AlertTick): void;
  listRules(): readonly AlertRule[];
  putRule(input: AlertRuleInput): AlertRule;
  setEnabled(ruleId: string, isEnabled: boolean): AlertRule;
  removeRule(ruleId: string): void;
  test(ruleId: string): AlertLogEntry;
  acknowledge(alertId: string): void;
  snooze(ruleId: string, seconds: number): void;
  /** Says yes or no to pausing or stopping the runs of an alert. */
  answer(alertId: string, isYes: boolean): AlertLogEntry;
  /** Notes that a host has told somebody, or could not. */
  noteTold(alertId: string, to: string, isDelivered: boolean): void;
  firing(): readonly FiringAlert[];
  /** Newest first, with what became of every message. */
  log(limit: number): readonly AlertLogEntry[];
  storedRules(): readonly StoredRule[];
  /** Closes what an engine that is gone left firing; a budget that is spent stays so. */
  closeStale(unixMs: number): void;
}

interface Watch {
  readonly rule: StoredRule;
  readonly definition: RuleDefinition;
  state: unknown;
  phase: 'armed' | 'counting' | 'firing';
  sinceMs: number;
  value: number | null;
  entry: AlertLogEntry | null;
  lastFiredMonotonicMs: number | null;
}

const logLooked = 2000;
const mostHostDeliveries = 20;
const usualLongestStepMs = 10_000;

/** The rules in force, what each is doing, and the log of what they said. */
export function createAlertBook(options: AlertBookOptions): AlertBook {
  const { store, onFired, onCleared, onChanged } = options;
  const write = options.write ?? ((work: () => void) => work());
  const watches = new Map<string, Map<string, Watch>>();
  const snoozedUntilMs = readSnoozes(store);
  const lastFiredMs = new Map<string, number>();
  const past = store.listAlerts({ limit: logLooked });
  /** Of budgets that were spent when the engine before this one went. */
  const resumed = new Map<string, AlertLogEntry>();
  const held = createHeldAlerts(past, options.unixMs());
  /** What was told of budgets, newest first. */
  let told = past.flatMap(stageOf);
  let rules: StoredRule[] = [...store.listRules()];
  let lastTick: AlertTick | null = null;
  for (const entry of past) if (!lastFiredMs.has(entry.ruleId)) lastFiredMs.set(entry.ruleId, entry.firedAtMs);

  const isSnoozed = (ruleId: string): boolean => (snoozedUntilMs.get(ruleId) ?? 0) > options.unixMs();
  const labelOf = (target: string): string =>
    target === machineTarget
      ? 'Whole machine'
      : (lastTick?.labelOf(target) ?? options.labelOf(target) ?? target.replace(/^(run|project):/, ''));
  const unitOf = (definition: RuleDefinition | undefined): string => {
    const unit = definition?.descriptor.unit ?? '';
    return unit === 'money' ? (options.currency?.() ?? '') : unit;
  };

  /** Until when people are left alone; null: they are not. */
  function quietFor(entry: AlertLogEntry): number | null {
    const quiet = options.quietHours?.() ?? defaultQuietHours;
    if (entry.level === 'critical' && quiet.isCriticalTold) return null;
    return quietUntilMs(quiet, options.unixMs());
  }

  function messages(
    entry: AlertLogEntry,
    what: MessageKind,
    to: Omit<MessageTo, 'destinationIds'>,
  ): readonly OutboxMessage[] {
    const destinationIds = rules.find((rule) => rule.id === entry.ruleId)?.actions.destinationIds ?? [];
    return destinationIds.length === 0
      ? []
      : (options.destinations?.messagesFor(entry, what, { ...to, destinationIds }) ?? []);
  }

  function record(entry: AlertLogEntry, sent: readonly OutboxMessage[] = []): void {
    write(() => store.recordAlert(entry, sent));
    if (sent.length > 0) options.destinations?.sender.wake();
  }

  function watchOf(rule: StoredRule, target: string, definition: RuleDefinition, tick: AlertTick): Watch {
    const byTarget = watches.get(rule.id) ?? new Map<string, Watch>();
    watches.set(rule.id, byTarget);
    const known = byTarget.get(target);
    if (known !== undefined) return known;
    const key = `${rule.id} ${target}`;
    const entry = resumed.get(key) ?? null;
    resumed.delete(key);
    const watch: Watch = {
      rule,
      definition,
      entry,
      state: restoredState(rule, target, definition),
      phase: entry === null ? 'armed' : 'firing',
      sinceMs: entry?.firedAtMs ?? tick.unixMs,
      value: null,
      lastFiredMonotonicMs: lastFiredOf(rule, target, tick),
    };
    byTarget.set(target, watch);
    return watch;
  }

  function restoredState(rule: StoredRule, target: string, definition: RuleDefinition): unknown {
    const own = told.filter((one) => one.ruleId === rule.id && one.target === target);
    return own.length === 0 || definition.restore === undefined
      ? definition.initial
      : definition.restore(own, rule.params);
  }

  /** On the monotonic clock, for the cool-down; what the log says of a time to come is a clock that was set. */
  function lastFiredOf(rule: StoredRule, target: string, tick: AlertTick): number | null {
    if (rule.coolDownSeconds === 0) return null;
    const last = past.find((entry) => entry.ruleId === rule.id && entry.target === target && !entry.isTest);
    const agoMs = last === undefined ? null : tick.unixMs - last.firedAtMs;
    return agoMs === null || agoMs < 0 ? null : tick.monotonicMs - agoMs;
  }

  function stepWatch(watch: Watch, target: string, tick: AlertTick): void {
    const { definition, rule } = watch;
    const sample = tick.samples.get(target) ?? sampleAt(tick.monotonicMs);
    watch.value = definition.valueOf(sample, rule.params);
    const step = definition.step(watch.state, sample, rule.params);
    watch.state = step.state;
    const isCooling =
      step.stagePercent === undefined &&
      step.isMoment !== true &&
      watch.lastFiredMonotonicMs !== null &&
      tick.monotonicMs - watch.lastFiredMonotonicMs < msFromSeconds(rule.coolDownSeconds);
    // A budget that is spent goes on being so after it was told.
    const mayFire = !definition.descriptor.isBudget || step.stagePercent !== undefined;
    if (step.phase === 'firing' && watch.entry === null && mayFire && !isCooling) fire(watch, target, step, tick);
    else if (step.phase !== 'firing' && watch.entry !== null) clear(watch, tick.unixMs);
    else if (watch.entry !== null)
      watch.entry = withPeak(watch.entry, watch.value, definition.isLowWorse === true) ?? watch.entry;
    const phase =
      step.isMoment === true
        ? 'armed'
        : step.phase === 'firing' && watch.entry === null && isCooling
          ? 'counting'
          : step.phase;
    if (phase !== watch.phase) watch.sinceMs = tick.unixMs;
    watch.phase = phase;
  }

  function fire(watch: Watch, target: string, step: RuleStep<unknown>, tick: AlertTick): void {
    const { rule, definition } = watch;
    const facts = {
      rule,
      definition,
      target,
      label: labelOf(target),
      unixMs: tick.unixMs,
      value: watch.value,
      sample: tick.samples.get(target) ?? null,
      runIds: tick.runIdsOf(target),
      unit: unitOf(definition),
    };
    const made = withStep(newEntry(facts), step, definition);
    const snoozed = isSnoozed(rule.id);
    const quietMs = quietFor(made);
    const isHeld = snoozed || quietMs !== null;
    const question =
      made.stagePercent === 50 || made.stagePercent === 80 ? null : createQuestion(rule.actions, made.runIds);
    const entry: AlertLogEntry = { ...made, isHeld, question };
    if (entry.clearedAtMs === null) watch.entry = entry;
    watch.lastFiredMonotonicMs = tick.monotonicMs;
    lastFiredMs.set(rule.id, tick.unixMs);
    told = [...stageOf(entry), ...told];
    record(entry, messages(entry, 'fired', { audience: snoozed ? 'commands' : 'all', notBeforeMs: quietMs ?? 0 }));
    if (isHeld) held.add(entry, snoozed ? 'snooze' : 'quiet');
    else onFired(entry);
    if (question?.state === 'unasked') act(entry, question);
    onChanged();
  }

  function clear(watch: Watch, unixMs: number): void {
    if (watch.entry === null) return;
    const entry: AlertLogEntry = { ...watch.entry, clearedAtMs: unixMs, question: lapsed(watch.entry.question) };
    watch.entry = null;
    // Nobody is told the end of what nobody was told of.
    const isUntold = held.reasonOf(entry.id) === 'snooze';
    record(entry, isUntold ? [] : messages(entry, 'cleared', { audience: 'all', notBeforeMs: quietFor(entry) ?? 0 }));
    onCleared(entry);
    onChanged();
  }

  /** What was held is told once nothing holds it: after quiet hours all, after a snooze what still fires. */
  function release(): void {
    held.release(
      (entry, reason) => (reason === 'snooze' ? isSnoozed(entry.ruleId) : quietFor(entry) !== null),
      (id, reason) => {
        const isFiring = findWatch(id) !== null;
        const entry = change(
          id,
          (one) => ({ ...one, isHeld: false }),
          (told) =>
            reason === 'snooze' && isFiring
              ? messages(told, 'fired', { audience: 'people', notBeforeMs: quietFor(told) ?? 0 })
              : [],
        );
        if (entry === null) return;
        const isMoment = entry.clearedAtMs === entry.firedAtMs;
        if (isFiring || (isMoment && reason === 'quiet')) onFired(entry);
        onChanged();
      },
    );
  }

  function findWatch(alertId: string): Watch | null {
    for (const byTarget of watches.values())
      for (const watch of byTarget.values()) if (watch.entry?.id === alertId) return watch;
    return null;
  }

  /** Changes an entry where it is: of an alert that fires in memory too. Null: there is none. */
  function change(
    alertId: string,
    how: (entry: AlertLogEntry) => AlertLogEntry,
    sent: (entry: AlertLogEntry) => readonly OutboxMessage[] = () => [],
  ): AlertLogEntry | null {
    const watch = findWatch(alertId);
    const before = watch?.entry ?? store.readAlert(alertId);
    if (before === null || before === undefined) return null;
    const entry = how(before);
    if (watch !== null) watch.entry = entry;
    record(entry, sent(entry));
    return entry;
  }

  /** Pauses or stops the runs of an alert, and notes what came of it. */
  function act({ id, ruleName }: AlertLogEntry, question: AlertQuestion | null): void {
    if (question === null || options.actor === undefined) return;
    const note = (outcome: string): void => {
      change(id, (entry) => ({
        ...entry,
        question: entry.question === null ? null : { ...entry.question, outcome },
      }));
      onChanged();
    };
    options
      .actor(question, { alertId: id, rule: ruleName })
      .then(note, (error: unknown) => note(error instanceof Error ? error.message : String(error)));
  }

  function dropWatches(ruleId: string): void {
    for (const watch of watches.get(ruleId)?.values() ?? []) clear(watch, options.unixMs());
    watches.delete(ruleId);
  }

  /** Runs and projects come and go: what is in no tick any more is over. */
  function dropGone(tick: AlertTick): void {
    for (const byTarget of watches.values()) {
      for (const [target, watch] of byTarget) {
        const isPassing = target.startsWith('run:') || watch.rule.scope.kind.startsWith('any-');
        if (!isPassing || tick.samples.has(target)) continue;
        clear(watch, tick.unixMs);
        byTarget.delete(target);
      }
    }
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

  const described = (rule: StoredRule): AlertRule =>
    ruleStatus(rule, {
      watches: watches.get(rule.id) ?? new Map(),
      snoozedUntilMs: isSnoozed(rule.id) ? (snoozedUntilMs.get(rule.id) ?? null) : null,
      lastFiredAtMs: lastFiredMs.get(rule.id) ?? null,
      unit: unitOf(ruleDefinition(rule.kind)),
      labelOf,
    });

  function save(rule: StoredRule): AlertRule {
    store.putRule(rule);
    dropWatches(rule.id);
    rules = rules.some((one) => one.id === rule.id)
      ? rules.map((one) => (one.id === rule.id ? rule : one))
      : [...rules, rule];
    onChanged();
    return described(rule);
  }

  function stepAll(tick: AlertTick): void {
    const lists = targetLists(tick);
    for (const rule of rules) {
      const definition = rule.isEnabled ? ruleDefinition(rule.kind) : undefined;
      if (definition === undefined) continue;
      for (const target of targetsOf(rule.scope, definition, { lists, tick }))
        if (tick.samples.has(target) || isPart(target))
          stepWatch(watchOf(rule, target, definition, tick), target, tick);
    }
    dropGone(tick);
  }

  return {
    step(tick) {
      const stepMs = lastTick === null ? 0 : tick.monotonicMs - lastTick.monotonicMs;
      const isBlindStretch = stepMs > (options.longestStepMs?.() ?? usualLongestStepMs);
      const before = lastTick;
      lastTick = tick;
      // Nobody watched since: what held before need not have held meanwhile.
      if (isBlindStretch && before !== null)
        stepAll({ ...before, monotonicMs: before.monotonicMs + 1, samples: forgotten(before) });
      stepAll(tick);
      release();
    },
    listRules: () => rules.map(described),
    putRule: (input) => save(ruleFromInput(input, input.id == null ? null : ruleById(input.id), options.unixMs())),
    setEnabled: (ruleId, isEnabled) => save({ ...ruleById(ruleId), isEnabled }),
    removeRule(ruleId) {
      ruleById(ruleId);
      dropWatches(ruleId);
      store.removeRule(ruleId);
      rules = rules.filter((one) => one.id !== ruleId);
      onChanged();
    },
    test(ruleId) {
      const rule = ruleById(ruleId);
      const definition = ruleDefinition(rule.kind);
      const nowMs = options.unixMs();
      const target = rule.scope.kind === 'domain' ? rule.scope.domainId : machineTarget;
      const label =
        rule.scope.kind === 'machine' || rule.scope.kind === 'domain'
          ? labelOf(target)
          : scopeLabel(rule.scope, labelOf);
      const { value } = described(rule).status;
      const facts = {
        rule,
        definition,
        target,
        label,
        value,
        unixMs: nowMs,
        sample: null,
        runIds: [],
        unit: unitOf(definition),
      };
      const entry: AlertLogEntry = { ...newEntry(facts), clearedAtMs: nowMs, isTest: true };
      // A test is asked for: nothing holds it.
      record(entry, messages(entry, 'test', { audience: 'all', notBeforeMs: 0 }));
      onFired(entry);
      onChanged();
      return entry;
    },
    acknowledge(alertId) {
      if (findWatch(alertId) === null) throw new WattrunError('alerts/not-found', 'That alert is not firing any more.');
      change(alertId, (entry) => ({ ...entry, isAcknowledged: true }));
      onChanged();
    },
    snooze(ruleId, seconds) {
      ruleById(ruleId);
      snoozedUntilMs.set(ruleId, options.unixMs() + msFromSeconds(seconds));
      write(() => writeSnoozes(store, snoozedUntilMs));
      release();
      onChanged();
    },
    answer(alertId, isYes) {
      const entry = change(alertId, (one) => ({ ...one, question: answerOf(one.question, isYes, options.unixMs()) }));
      if (entry === null) throw new WattrunError('alerts/not-found', `There is no alert ${alertId}.`);
      if (isYes) act(entry, entry.question);
      onChanged();
      return entry;
    },
    noteTold(alertId, to, isDelivered) {
      const entry = change(alertId, (one) => ({
        ...one,
        deliveries: [...one.deliveries, hostDelivery(one, { to, isDelivered, atMs: options.unixMs() })].slice(
          -mostHostDeliveries,
        ),
      }));
      if (entry === null) throw new WattrunError('alerts/not-found', `There is no alert ${alertId}.`);
      onChanged();
    },
    firing: () =>
      rules.flatMap((rule) =>
        [...(watches.get(rule.id)?.values() ?? [])].flatMap(({ entry, value }) =>
          entry === null ? [] : [firingAlert(entry, { isBadging: rule.actions.isBadging, valueNow: value })],
        ),
      ),
    log(limit) {
      const nowMs = options.unixMs();
      const entries = store.listAlerts({ limit });
      const sent = Map.groupBy(store.messagesOf(entries.map((entry) => entry.id)), (row) => row.alertId);
      return entries.map((entry) => ({
        ...entry,
        deliveries: [...entry.deliveries, ...(sent.get(entry.id) ?? []).map((row) => deliveryOf(row, nowMs))],
      }));
    },
    storedRules: () => rules,
    closeStale(unixMs) {
      for (const entry of past) {
        if (entry.clearedAtMs !== null) continue;
        const rule = rules.find((one) => one.id === entry.ruleId && one.isEnabled);
        if (rule !== undefined && ruleDefinition(rule.kind)?.restore !== undefined) {
          resumed.set(`${rule.id} ${entry.target}`, entry);
          continue;
        }
        const closed = { ...entry, clearedAtMs: unixMs, question: lapsed(entry.question) };
        record(closed, messages(closed, 'cleared', { audience: 'all', notBeforeMs: quietFor(closed) ?? 0 }));
      }
    },
  };
}
