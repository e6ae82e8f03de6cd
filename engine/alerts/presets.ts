import type { AlertRuleInput, RulePreset } from '../../shared/model/alert.ts';
import { roundUpToDigits } from '../../shared/model/round-limit.ts';
import { usualRuleName } from '../../shared/model/rule-name.ts';
import { kwhFromJoules } from '../../shared/units.ts';
import type { StoredRule } from '../store/store.ts';
import { ruleDefinition } from './registry.ts';
import type { AlertSample } from './rule.ts';
import { ruleFromInput } from './rule-input.ts';

export interface PresetFacts {
  /** What is known of each domain now, by id. */
  readonly samples: ReadonlyMap<string, AlertSample>;
  readonly machineWatts: number | null;
  readonly hasPrice: boolean;
  readonly rules: readonly StoredRule[];
}

interface Preset {
  readonly id: string;
  readonly reason: string;
  readonly isUseful: boolean;
  readonly input: Omit<AlertRuleInput, 'isEnabled' | 'level'> & Partial<Pick<AlertRuleInput, 'level'>>;
}

const secondsOfMonth = 30 * 86_400;
const atLeastOne = (value: number): number => Math.max(value, 1);

/** Rules that make sense on what was found: none that asks for a reading which is not there. */
export function presetsFor(facts: PresetFacts): readonly RulePreset[] {
  const all = [...facts.samples];
  const gpus = all.filter(([id]) => id.startsWith('gpu:')).map(([, sample]) => sample);
  const some = (has: (sample: AlertSample) => boolean): boolean => gpus.some(has);
  const presets: readonly Preset[] = [
    {
      id: 'machine-power',
      reason: 'A quarter above what this machine draws now.',
      isUseful: facts.machineWatts !== null,
      input: {
        kind: 'sustained-power',
        scope: { kind: 'machine' },
        params: {
          limitWatts: roundUpToDigits(atLeastOne((facts.machineWatts ?? 0) * 1.25), 2),
          holdSeconds: 60,
          clearSeconds: 30,
        },
        coolDownSeconds: 600,
      },
    },
    {
      id: 'month-energy',
      reason: 'A month at what this machine draws now.',
      isUseful: facts.machineWatts !== null,
      input: {
        kind: 'energy-budget',
        scope: { kind: 'machine' },
        params: {
          limitKwh: roundUpToDigits(atLeastOne(kwhFromJoules((facts.machineWatts ?? 0) * secondsOfMonth)), 1),
          period: 'month',
        },
      },
    },
    ...gpuPresets(some, gpus.length > 0),
    {
      id: 'run-ended',
      reason: 'For every run, wrapped or found.',
      isUseful: true,
      input: { kind: 'run-ended', scope: { kind: 'any-run' }, params: {}, level: 'note' },
    },
    {
      id: 'gone-blind',
      reason: all.length === 1 ? '1 part is read here.' : `${all.length} parts are read here.`,
      isUseful: all.length > 0,
      input: {
        kind: 'gone-blind',
        scope: { kind: 'any-domain' },
        params: { silentSeconds: 120 },
        coolDownSeconds: 600,
      },
    },
  ];
  return presets.filter((preset) => preset.isUseful).map((preset) => described(preset, facts.rules));
}

function gpuPresets(some: (has: (sample: AlertSample) => boolean) => boolean, hasGpu: boolean): readonly Preset[] {
  const scope = { kind: 'any-gpu' } as const;
  return [
    {
      id: 'gpu-temperature',
      reason: 'The GPUs here tell their temperature.',
      isUseful: some((gpu) => gpu.temperatureCelsius !== null),
      input: { kind: 'temperature', scope, params: {}, coolDownSeconds: 600 },
    },
    {
      id: 'gpu-memory',
      reason: 'The GPUs here tell how much memory is used.',
      isUseful: some((gpu) => gpu.memoryUsedBytes !== null && gpu.memoryTotalBytes !== null),
      input: { kind: 'memory-full', scope, params: {}, coolDownSeconds: 600 },
    },
    {
      id: 'gpu-throttled',
      reason: 'The GPUs here tell why they are held back.',
      isUseful: some((gpu) => gpu.throttleReasons !== null),
      input: { kind: 'throttled', scope, params: { holdSeconds: 300 }, coolDownSeconds: 1800 },
    },
    {
      id: 'gpu-idle-held',
      reason: 'The processes on the GPUs here can be seen.',
      isUseful: some((gpu) => gpu.heldBytes !== null && gpu.utilizationRatio !== null),
      input: { kind: 'idle-held', scope, params: {}, coolDownSeconds: 3600, level: 'note' },
    },
    {
      id: 'gpu-lost',
      reason: 'There are GPUs that can be lost.',
      isUseful: hasGpu,
      input: { kind: 'gpu-lost', scope, params: {}, level: 'critical' },
    },
    {
      id: 'run-stalled',
      reason: 'The GPUs here tell how busy they are.',
      isUseful: some((gpu) => gpu.utilizationRatio !== null),
      input: { kind: 'stalled-run', scope: { kind: 'any-run' }, params: {}, coolDownSeconds: 1800 },
    },
  ];
}

function described({ id, reason, input }: Preset, rules: readonly StoredRule[]): RulePreset {
  const whole: AlertRuleInput = { level: 'warning', ...input, isEnabled: true };
  const rule = ruleFromInput(whole, null, 0);
  const descriptor = ruleDefinition(rule.kind)?.descriptor;
  return {
    id,
    reason,
    input: { ...whole, params: rule.params },
    name: descriptor === undefined ? rule.name : usualRuleName(descriptor, rule.params),
    isPresent: rules.some(
      (one) => one.kind === rule.kind && one.scope.kind === rule.scope.kind && one.params.period === rule.params.period,
    ),
  };
}
