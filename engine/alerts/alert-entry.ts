import { randomUUID } from 'node:crypto';
import type { AlertLogEntry } from '../../shared/model/alert.ts';
import type { FiringAlert } from '../../shared/model/live.ts';
import type { OutboxRow, StoredRule } from '../store/store.ts';
import type { AlertSample, RuleDefinition, RuleStep } from './rule.ts';
import { numberOf } from './rule.ts';

export interface EntryFacts {
  readonly rule: StoredRule;
  readonly definition: RuleDefinition | undefined;
  readonly target: string;
  readonly label: string;
  readonly unixMs: number;
  readonly value: number | null;
  readonly sample: AlertSample | null;
  readonly runIds: readonly string[];
  readonly unit: string;
}

/** The log's entry of a rule that fires now. */
export function newEntry(facts: EntryFacts): AlertLogEntry {
  const { rule, definition, value, sample, unit } = facts;
  const limit = limitOf(rule, definition);
  const isPower = unit === 'W';
  return {
    id: randomUUID(),
    ruleId: rule.id,
    ruleName: rule.name,
    level: rule.level,
    scopeLabel: facts.label,
    firedAtMs: facts.unixMs,
    clearedAtMs: null,
    valueWatts: isPower ? value : null,
    peakWatts: isPower ? value : null,
    limitWatts: isPower ? limit : null,
    runIds: [...facts.runIds],
    isTest: false,
    isAcknowledged: false,
    deliveries: [],
    kind: rule.kind,
    target: facts.target,
    value,
    peak: value,
    limit,
    unit,
    reading: sample === null ? {} : readingOf(sample),
    stagePercent: null,
    period: null,
    outcome: outcomeOf(sample),
    isHeld: false,
    isNotifying: rule.actions.isNotifying,
    isSounding: rule.actions.isSounding,
    question: null,
  };
}

export function limitOf(rule: StoredRule, definition: RuleDefinition | undefined): number | null {
  const key = definition?.descriptor.limitKey ?? null;
  return key === null || rule.params[key] === undefined ? null : numberOf(rule.params, key);
}

/** The entry of a step: its stage, span and level. */
export function withStep(entry: AlertLogEntry, step: RuleStep<unknown>, definition: RuleDefinition): AlertLogEntry {
  const stagePercent = step.stagePercent ?? null;
  return {
    ...entry,
    stagePercent,
    period: step.period ?? null,
    level: definition.levelOf?.(entry.level, stagePercent) ?? entry.level,
    clearedAtMs: step.isMoment === true ? entry.firedAtMs : null,
  };
}

/** A worse value is the new peak; null where it is none. */
export function withPeak(entry: AlertLogEntry, value: number | null, isLowWorse: boolean): AlertLogEntry | null {
  if (value === null || (entry.peak !== null && (isLowWorse ? value >= entry.peak : value <= entry.peak))) return null;
  return { ...entry, peak: value, peakWatts: entry.unit === 'W' ? value : entry.peakWatts };
}

function outcomeOf(sample: AlertSample | null): string | null {
  const ended = sample?.ended ?? null;
  if (ended === null) return null;
  return ended.exitCode === null ? ended.status : `${ended.status}, exit code ${ended.exitCode}`;
}

/** What was known of the target in the moment it fired, by name and unit. */
function readingOf(sample: AlertSample): AlertLogEntry['reading'] {
  const { throttleReasons, ended, spent: _spent, atMs: _atMs, isAlive: _isAlive, ...numbers } = sample;
  const known = Object.entries(numbers).filter(([, value]) => value !== null);
  return {
    ...Object.fromEntries(known),
    ...(throttleReasons === null || throttleReasons.length === 0
      ? {}
      : { throttleReasons: throttleReasons.join(', ') }),
    ...(ended === null ? {} : { status: ended.status, exitCode: ended.exitCode }),
  };
}

/** A message on its way, as the log shows it. */
export function deliveryOf(row: OutboxRow, nowMs: number): AlertLogEntry['deliveries'][number] {
  const isHeld = row.state === 'waiting' && row.attempts === 0 && row.nextMs > nowMs;
  return {
    to: row.destinationName,
    atMs: row.triedMs ?? row.madeMs,
    isDelivered: row.state === 'delivered',
    what: row.what,
    destinationId: row.destinationId,
    state: isHeld ? 'held' : row.state,
    attempts: row.attempts,
    error: row.error,
    nextTryAtMs: row.state === 'waiting' ? row.nextMs : null,
  };
}

/** What was told of a budget; nothing of all else. */
export function stageOf({ ruleId, target, stagePercent, period, limit, isTest }: AlertLogEntry) {
  return stagePercent === null || period === null || isTest ? [] : [{ ruleId, target, stagePercent, period, limit }];
}

/** What Live shows of it, with what its rule reads now. */
export function firingAlert(
  entry: AlertLogEntry,
  { isBadging, valueNow }: { readonly isBadging: boolean; readonly valueNow: number | null },
): FiringAlert {
  const { id, ruleId, ruleName, level, scopeLabel, firedAtMs, valueWatts, peakWatts, limitWatts } = entry;
  const { isAcknowledged, kind, value, peak, limit, unit, question } = entry;
  const power = { valueWatts, peakWatts, limitWatts };
  return {
    id,
    ruleId,
    ruleName,
    level,
    scopeLabel,
    firedAtMs,
    ...power,
    isAcknowledged,
    kind,
    value,
    valueNow,
    peak,
    limit,
    unit,
    question,
    isBadging,
  };
}

/** That a host told somebody, or could not. */
export const hostDelivery = (
  entry: AlertLogEntry,
  told: { readonly to: string; readonly isDelivered: boolean; readonly atMs: number },
): AlertLogEntry['deliveries'][number] => ({
  ...told,
  what: entry.isTest ? 'test' : 'fired',
  destinationId: null,
  state: told.isDelivered ? 'delivered' : 'failed',
  attempts: 1,
  error: null,
  nextTryAtMs: null,
});
