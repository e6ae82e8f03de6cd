import { type AlertSample, paramsSchema, type RuleDefinition, sampleAt } from '../engine/alerts/rule.ts';
import type { RuleParams } from '../shared/model/alert.ts';

type Known = Partial<Omit<AlertSample, 'atMs'>>;

/** A rule's phases over samples one second apart; params that are left out are its defaults. */
export function phasesOf(
  definition: RuleDefinition,
  samples: readonly Known[],
  params: RuleParams = {},
  scope = definition.descriptor.scopes[0] ?? 'machine',
): readonly string[] {
  const whole = paramsSchema(definition.descriptor, scope).parse(params);
  let state = definition.initial;
  return samples.map((known, second) => {
    const step = definition.step(state, sampleAt(second * 1000, known), whole);
    state = step.state;
    return step.phase;
  });
}

/** '3 counting, 2 firing': phases with how often in a row. */
export function inRow(phases: readonly string[]): string {
  const rows: { phase: string; count: number }[] = [];
  for (const phase of phases) {
    const last = rows.at(-1);
    if (last?.phase === phase) last.count++;
    else rows.push({ phase, count: 1 });
  }
  return rows.map(({ phase, count }) => `${count} ${phase}`).join(', ');
}

export const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value);
