import { beforeEach, expect, it } from 'vitest';
import { type RuleDescriptor, ruleDescriptorDefaults } from '../../shared/model/alert.ts';
import { newDraft } from './rule-draft.ts';
import { dropDraft, keepDraft, newRuleKey, useRuleDrafts } from './rule-drafts.ts';

const kind: RuleDescriptor = {
  ...ruleDescriptorDefaults,
  kind: 'sustained-power',
  label: 'Power stays above a limit',
  nameTemplate: 'Power above {limitWatts} W',
  scopes: ['machine'],
  fields: [{ key: 'limitWatts', label: 'Above', unit: 'W', min: 1, max: 100_000, step: 10, defaultValue: 1000 }],
};
const draft = newDraft(kind, null, 'en');
const kept = (key: string) => useRuleDrafts.getState().drafts.get(key);

beforeEach(() => useRuleDrafts.setState({ drafts: new Map() }));

it('keeps what is typed for each rule by itself until it is dropped', () => {
  keepDraft('r1', { ...draft, id: 'r1', name: 'One' });
  keepDraft('r2', { ...draft, id: 'r2', name: 'Two' });
  keepDraft(newRuleKey, { ...draft, name: 'Three' });
  expect([kept('r1')?.name, kept('r2')?.name, kept(newRuleKey)?.name]).toEqual(['One', 'Two', 'Three']);
  dropDraft('r1');
  expect([kept('r1'), kept('r2')?.name]).toEqual([undefined, 'Two']);
});
