import { describe, expect, it } from 'vitest';
import { readingText } from '../../shared/format/reading.ts';
import {
  type AlertRule,
  defaultActions,
  type RuleDescriptor,
  ruleDescriptorDefaults,
} from '../../shared/model/alert.ts';
import { readingOf } from './rule-reading.ts';

const descriptor: RuleDescriptor = {
  ...ruleDescriptorDefaults,
  limitKey: 'limitWatts',
  kind: 'sustained-power',
  label: '',
  nameTemplate: '',
  scopes: ['machine'],
  fields: [{ key: 'limitWatts', label: '', unit: 'W', min: 0, max: 1e6, step: 1, defaultValue: 1 }],
};
const rule = (value: number | null, limitWatts: number): AlertRule => ({
  id: 'r',
  kind: 'sustained-power',
  name: '',
  scope: { kind: 'machine' },
  scopeLabel: '',
  params: { limitWatts },
  level: 'warning',
  isEnabled: true,
  createdAtMs: 0,
  coolDownSeconds: 0,
  actions: defaultActions,
  status: {
    state: 'armed',
    sinceMs: null,
    value,
    lastFiredAtMs: null,
    limit: limitWatts,
    unit: 'W',
    label: null,
    snoozedUntilMs: null,
  },
});

describe('readingOf', () => {
  it('relates the present value to the limit', () => {
    // 3,600 of 4,500 W is 0.8.
    expect(readingOf(rule(3600, 4500), descriptor)).toEqual({ value: 3600, limit: 4500, unit: 'W', ratio: 0.8 });
  });

  it('has no ratio without a value, a limit or a known kind', () => {
    expect(readingOf(rule(null, 4500), descriptor).ratio).toBeNull();
    expect(readingOf(rule(100, 0), descriptor).ratio).toBeNull();
    expect(readingOf(rule(100, 4500), undefined)).toMatchObject({ limit: null, ratio: null });
  });
});

describe('readingText', () => {
  it('writes watts, percent and anything else with its unit', () => {
    expect(readingText(4542.4, 'W', 'en')).toBe('4,542\u202fW');
    expect(readingText(3.4, '%', 'en')).toBe('3\u202f%');
    expect(readingText(87.25, '°C', 'en')).toBe('87.3\u202f°C');
    expect(readingText(null, 'W', 'en')).toBe('–');
  });
});
