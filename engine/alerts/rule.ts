import type { RuleDescriptor } from '../../shared/model/alert.ts';

/** What a rule sees each tick of the thing it watches. `powerWatts` null: no reading now. */
export interface AlertSample {
  readonly atMs: number;
  readonly powerWatts: number | null;
}

export interface RuleStep<State> {
  readonly state: State;
  readonly phase: 'armed' | 'counting' | 'firing';
}

/** A kind of alert rule: pure steps over samples in monotonic time. */
export interface RuleDefinition<State = unknown> {
  readonly descriptor: RuleDescriptor;
  readonly initial: State;
  readonly step: (state: State, sample: AlertSample, params: Readonly<Record<string, number>>) => RuleStep<State>;
  /** The limit the rule holds readings against, for the record. */
  readonly limitWatts: (params: Readonly<Record<string, number>>) => number | null;
}

export const defineRule = <State>(definition: RuleDefinition<State>): RuleDefinition =>
  definition as unknown as RuleDefinition;
