import type { RuleDefinition } from './rule.ts';
import { carbonBudget } from './rules/carbon-budget.ts';
import { costBudget } from './rules/cost-budget.ts';
import { energyBudget } from './rules/energy-budget.ts';
import { goneBlind } from './rules/gone-blind.ts';
import { gpuLost } from './rules/gpu-lost.ts';
import { idleHeld } from './rules/idle-held.ts';
import { memoryFull } from './rules/memory-full.ts';
import { powerNearLimit } from './rules/power-near-limit.ts';
import { runEnded } from './rules/run-ended.ts';
import { stalledRun } from './rules/stalled-run.ts';
import { sustainedPower } from './rules/sustained-power.ts';
import { temperature } from './rules/temperature.ts';
import { throttled } from './rules/throttled.ts';

/** Every kind of rule; a new one is a file and a line here. */
export const ruleDefinitions: readonly RuleDefinition[] = [
  sustainedPower,
  powerNearLimit,
  energyBudget,
  carbonBudget,
  costBudget,
  temperature,
  memoryFull,
  stalledRun,
  idleHeld,
  throttled,
  gpuLost,
  goneBlind,
  runEnded,
];

const byKind = new Map(ruleDefinitions.map((definition) => [definition.descriptor.kind, definition]));

export const ruleDefinition = (kind: string): RuleDefinition | undefined => byKind.get(kind);
