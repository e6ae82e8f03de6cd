import type { AlertLogEntry } from '../../../shared/model/alert.ts';
import { isoFromUnixMs, secondsFromMs } from '../../../shared/units.ts';

export type MessageKind = 'fired' | 'cleared' | 'test';

/** What a destination is told, as it is kept until it is sent. Names are public: added to, never renamed. */
export interface AlertMessage {
  readonly schemaVersion: 1;
  /** The same at every try: who has seen it, has seen this message. */
  readonly deliveryId: string;
  readonly event: 'alert.fired' | 'alert.cleared' | 'alert.test';
  readonly machine: string;
  readonly title: string;
  readonly text: string;
  readonly alert: {
    readonly id: string;
    readonly ruleId: string;
    readonly rule: string;
    readonly kind: string;
    readonly level: string;
    readonly target: string;
    readonly scope: string;
    readonly firedAt: string;
    readonly clearedAt: string | null;
    readonly value: number | null;
    readonly peak: number | null;
    readonly limit: number | null;
    readonly unit: string;
    readonly stagePercent: number | null;
    readonly reading: AlertLogEntry['reading'];
    readonly runIds: readonly string[];
    readonly runNames: readonly string[];
  };
}

export interface MessageContext {
  readonly deliveryId: string;
  readonly machine: string;
  readonly runNames: readonly string[];
}

/** The message of an alert's firing or clearing. */
export function alertMessage(entry: AlertLogEntry, what: MessageKind, context: MessageContext): AlertMessage {
  return {
    schemaVersion: 1,
    deliveryId: context.deliveryId,
    event: entry.isTest ? 'alert.test' : `alert.${what}`,
    machine: context.machine,
    title: titleOf(entry, what),
    text: textOf(entry, what),
    alert: {
      id: entry.id,
      ruleId: entry.ruleId,
      rule: entry.ruleName,
      kind: entry.kind,
      level: entry.level,
      target: entry.target,
      scope: entry.scopeLabel,
      firedAt: isoFromUnixMs(entry.firedAtMs),
      clearedAt: entry.clearedAtMs === null ? null : isoFromUnixMs(entry.clearedAtMs),
      value: entry.value,
      peak: entry.peak,
      limit: entry.limit,
      unit: entry.unit,
      stagePercent: entry.stagePercent,
      reading: entry.reading,
      runIds: [...entry.runIds],
      runNames: [...context.runNames],
    },
  };
}

function titleOf(entry: AlertLogEntry, what: MessageKind): string {
  if (entry.isTest) return `Test: ${entry.ruleName}`;
  if (what === 'cleared') return `Over: ${entry.ruleName}`;
  return entry.stagePercent === null ? entry.ruleName : `${entry.stagePercent} % of ${entry.ruleName}`;
}

/** 'Hotter than 88 °C (hgx-07)'; without a name while the machine's is not known. */
export const titleWithMachine = ({ title, machine }: Pick<AlertMessage, 'title' | 'machine'>): string =>
  machine === '' ? title : `${title} (${machine})`;

/** 'GPU 2: 89 °C, limit 88 °C.' */
function textOf(entry: AlertLogEntry, what: MessageKind): string {
  const amount = (value: number | null): string | null =>
    value === null ? null : `${Number(value.toPrecision(4))}${entry.unit === '' ? '' : ` ${entry.unit}`}`;
  const value = amount(what === 'cleared' ? entry.peak : entry.value);
  const limit = amount(entry.limit);
  const reading = entry.outcome ?? value;
  const parts = [
    reading === null
      ? entry.scopeLabel
      : `${entry.scopeLabel}: ${what === 'cleared' && value !== null ? 'at worst ' : ''}${reading}`,
    limit === null || value === null ? null : `limit ${limit}`,
    what === 'cleared' && entry.clearedAtMs !== null
      ? `over after ${Math.round(secondsFromMs(entry.clearedAtMs - entry.firedAtMs))} s`
      : null,
  ];
  return `${parts.filter((part) => part !== null).join(', ')}.`;
}
