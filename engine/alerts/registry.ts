import type { RuleDefinition } from './rule.ts';
import { sustainedPower } from './rules/sustained-power.ts';

/** Every kind of rule; a new one is a file and a line here. */
export const ruleDefinitions: readonly RuleDefinition[] = [sustainedPower];
