import { z } from 'zod';
import type { AlertLevel, RuleChoice, RuleDescriptor, RuleField, RuleParams } from '../../shared/model/alert.ts';
import type { RunStatus } from '../../shared/model/run.ts';
import { percentFromRatio } from '../../shared/units.ts';

/** Energy of a budget's span, and what was emitted and paid for it. Null: not known (no price). */
export interface SpentEnergy {
  /** 'run-id', '2026-11-29', '2026-11' by the local calendar: another key is another span. */
  readonly key: string;
  readonly joules: number;
  readonly gramsCO2e: number | null;
  readonly cost: number | null;
}

export const budgetPeriods = ['whole', 'day', 'month'] as const;
export type BudgetPeriod = (typeof budgetPeriods)[number];

/** What a rule sees, each tick, of the one thing it watches: the machine, a domain, a run or a project. Null: not known now. */
export interface AlertSample {
  /** Monotonic. */
  readonly atMs: number;
  readonly powerWatts: number | null;
  readonly limitWatts: number | null;
  readonly temperatureCelsius: number | null;
  readonly memoryUsedBytes: number | null;
  readonly memoryTotalBytes: number | null;
  /** Of a run: the mean over the GPUs that it used; without any, its CPU time now over the most that it ever used. */
  readonly utilizationRatio: number | null;
  readonly throttleReasons: readonly string[] | null;
  /** Memory that processes hold on the GPU; 0 without processes; null where processes cannot be seen. */
  readonly heldBytes: number | null;
  /** 'lost': its driver says that the device is gone. 'blind': no reading for any other reason. 'asleep' is neither. */
  readonly presence: 'read' | 'lost' | 'blind' | 'asleep' | null;
  /** Since the last good reading that was due. */
  readonly silentSeconds: number | null;
  /** Whether a process of the run lives and is not paused. */
  readonly isAlive: boolean | null;
  /** Set in the one tick after a run ended. */
  readonly ended: { readonly status: RunStatus; readonly exitCode: number | null } | null;
  readonly spent: Readonly<Partial<Record<BudgetPeriod, SpentEnergy>>> | null;
}

const unknownSample = {
  powerWatts: null,
  limitWatts: null,
  temperatureCelsius: null,
  memoryUsedBytes: null,
  memoryTotalBytes: null,
  utilizationRatio: null,
  throttleReasons: null,
  heldBytes: null,
  presence: null,
  silentSeconds: null,
  isAlive: null,
  ended: null,
  spent: null,
} as const satisfies Omit<AlertSample, 'atMs'>;

/** A sample of which only this is known. */
export const sampleAt = (atMs: number, known: Partial<Omit<AlertSample, 'atMs'>> = {}): AlertSample => ({
  ...unknownSample,
  ...known,
  atMs,
});

export interface RuleStep<State> {
  readonly state: State;
  readonly phase: 'armed' | 'counting' | 'firing';
  /** Of a budget, in the tick in which a share of it was passed: 50, 80 or 100. */
  readonly stagePercent?: number;
  /** Fires and is over with it: a run ended, half of a budget is spent. */
  readonly isMoment?: boolean;
  readonly period?: string;
}

/** What the log has of a rule and target, for rules that go on where an engine before this one stopped. */
export interface ToldStage {
  readonly stagePercent: number;
  readonly period: string;
  readonly limit: number | null;
}

/** A kind of alert rule: pure steps over samples in monotonic time. */
export interface RuleDefinition<State = unknown> {
  readonly descriptor: RuleDescriptor;
  readonly initial: State;
  readonly step: (state: State, sample: AlertSample, params: RuleParams) => RuleStep<State>;
  /** What is watched, in `descriptor.unit`; null: not known, or no number. */
  readonly valueOf: (sample: AlertSample, params: RuleParams) => number | null;
  /** A project is then watched run by run. */
  readonly isOfRuns?: boolean;
  /** True where a lower value is the worse one. */
  readonly isLowWorse?: boolean;
  /** State of a target of which the log says that so much was told. */
  readonly restore?: (told: readonly ToldStage[], params: RuleParams) => State;
  /** How loud a stage is, where it is less than the rule's own level. */
  readonly levelOf?: (level: AlertLevel, stagePercent: number | null) => AlertLevel;
}

export const defineRule = <State>(definition: RuleDefinition<State>): RuleDefinition =>
  definition as unknown as RuleDefinition;

/** A number of the params; `otherwise` where an older version stored a rule without it. */
export function numberOf(params: RuleParams, key: string, otherwise = 0): number {
  const value = params[key];
  return typeof value === 'number' ? value : otherwise;
}

/** The params that a form drawn from the descriptor may give, each filled in where it is missing. */
export function paramsSchema({ fields, choices }: Pick<RuleDescriptor, 'fields' | 'choices'>, scope: string) {
  const shape: Record<string, z.ZodType<number | string>> = {};
  for (const field of fields) shape[field.key] = z.number().min(field.min).max(field.max).default(field.defaultValue);
  for (const choice of choices) {
    const values = valuesFor(choice, scope);
    shape[choice.key] = z.enum(values).default(values[0] ?? '');
  }
  return z.object(shape);
}

/** A choice's values for a scope, the default first. */
export const valuesFor = (choice: RuleChoice, scope: string): string[] =>
  choice.choices
    .filter(({ scopes }) => scopes === null || (scopes as readonly string[]).includes(scope))
    .map(({ value }) => value);

/** A ratio in percent, without the last bits that would put 7 % above 7. */
export const sharePercent = (ratio: number): number => Math.round(percentFromRatio(ratio) * 1e6) / 1e6;

const longestSeconds = 86_400;

export const secondsField = (key: string, label: string, defaultValue: number): RuleField => ({
  key,
  label,
  unit: 's',
  min: 0,
  max: longestSeconds,
  step: 1,
  defaultValue,
});
