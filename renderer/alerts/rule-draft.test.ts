import { describe, expect, it } from 'vitest';
import {
  alertRuleSchema,
  defaultActions,
  type RuleDescriptor,
  ruleDescriptorDefaults,
} from '../../shared/model/alert.ts';
import { usualRuleName } from '../../shared/model/rule-name.ts';
import { createI18n, engineWordsOf } from '../i18n/i18n.ts';
import { localise } from '../i18n/localise.ts';
import {
  draftFromRule,
  draftInLocale,
  draftProblems,
  fieldLines,
  inputFromDraft,
  limitField,
  namedParams,
  newDraft,
  type RuleDraft,
  scopeFromText,
  scopeText,
  suggestedLimitWatts,
} from './rule-draft.ts';
import { ruleName } from './rule-words.ts';
import type { AlertWords } from './use-alert-words.ts';

const sustained: RuleDescriptor = {
  ...ruleDescriptorDefaults,
  kind: 'sustained-power',
  label: 'Power stays above a limit',
  nameTemplate: 'Power above {limitWatts} W for {holdSeconds} s',
  scopes: ['machine', 'any-gpu', 'domain'],
  fields: [
    { key: 'holdSeconds', label: 'For', unit: 's', min: 0, max: 3600, step: 1, defaultValue: 30 },
    { key: 'limitWatts', label: 'Above', unit: 'W', min: 1, max: 100_000, step: 10, defaultValue: 1000 },
    { key: 'clearWatts', label: 'Clears below', unit: 'W', min: 1, max: 100_000, step: 10, defaultValue: 950 },
  ],
};

describe('newDraft', () => {
  it('sets the limit a quarter above what the machine draws, and the other watts in proportion', () => {
    // 4,542 × 1.25 = 5,677.5, up to two digits: 5,700. 950 × 5.7 = 5,415, two digits: 5,400.
    expect(newDraft(sustained, 4542, 'en').params).toEqual({
      holdSeconds: '30',
      limitWatts: '5700',
      clearWatts: '5400',
    });
  });

  it('takes the defaults where the power is not known', () => {
    expect(newDraft(sustained, null, 'en').params).toEqual({
      holdSeconds: '30',
      limitWatts: '1000',
      clearWatts: '950',
    });
  });
});

describe('suggestedLimitWatts', () => {
  it('rounds up to two digits', () => {
    // 80 × 1.25 = 100; 68 × 1.25 = 85; 3 W counts as 10 W: 12.5 → 13.
    expect([80, 68, 3].map(suggestedLimitWatts)).toEqual([100, 85, 13]);
  });
});

describe('draftProblems', () => {
  it('names what is missing or out of range', () => {
    const draft = {
      ...newDraft(sustained, null, 'en'),
      params: { holdSeconds: '', limitWatts: '-4', clearWatts: '950' },
    };
    expect(draftProblems(draft, sustained, 'en').map((problem) => problem.key)).toEqual(['holdSeconds', 'limitWatts']);
  });
});

describe('inputFromDraft', () => {
  it('gives back the rule that a draft was made from', () => {
    const rule = {
      id: 'r1',
      kind: 'sustained-power',
      name: 'Breaker',
      scope: { kind: 'domain' as const, domainId: 'gpu:7' },
      scopeLabel: 'GPU 7',
      params: { holdSeconds: 30, limitWatts: 4500, clearWatts: 4400 },
      level: 'critical' as const,
      isEnabled: false,
      createdAtMs: 0,
      coolDownSeconds: 600,
      actions: { ...defaultActions, isSounding: true },
      status: {
        state: 'off' as const,
        sinceMs: null,
        value: null,
        lastFiredAtMs: null,
        limit: 4500,
        unit: 'W',
        label: null,
        snoozedUntilMs: null,
      },
    };
    const { id, kind, name, scope, params, level, isEnabled } = rule;
    expect(inputFromDraft(draftFromRule(rule, sustained, 'en'), sustained, 'en')).toEqual({
      id,
      kind,
      name,
      scope,
      params,
      level,
      isEnabled,
      coolDownSeconds: 600,
      actions: { ...defaultActions, isSounding: true },
    });
  });

  it('leaves the name to the engine where it is the usual one', () => {
    const draft = newDraft(sustained, null, 'en');
    expect(inputFromDraft(draft, sustained, 'en').name).toBeNull();
    expect(usualRuleName(sustained, draft.params)).toBe('Power above 1000 W for 30 s');
  });

  it('leaves it to the engine in another language too, so that what is kept stays in English', async () => {
    const instance = await createI18n('zh-CN');
    const words = engineWordsOf(instance);
    if (words === null) throw new Error('There are no words of the engine in zh-CN.');
    const kept = alertRuleSchema.parse({
      id: 'r1',
      kind: 'sustained-power',
      name: 'Power above 900 W for 30 s',
      scope: { kind: 'machine' },
      scopeLabel: 'Whole machine',
      params: { limitWatts: 900, holdSeconds: 30 },
      level: 'warning',
      isEnabled: true,
      createdAtMs: 0,
      status: { state: 'armed', sinceMs: null, value: null, lastFiredAtMs: null },
    });
    const heard = localise(kept, words);
    expect(heard.scopeLabel).toBe('整机');
    const draft = draftFromRule(heard, sustained, 'zh-CN');
    expect(
      inputFromDraft({ ...draft, params: { ...draft.params, limitWatts: '950' } }, sustained, 'zh-CN').name,
    ).toBeNull();
    const shown = ruleName(instance.getFixedT(null, 'rules') as unknown as AlertWords, heard, sustained);
    expect(shown).toMatch(/^功率高于 900 W/);
    const own = draftFromRule(localise({ ...kept, name: 'Memory' }, words), sustained, 'zh-CN');
    expect(inputFromDraft(own, sustained, 'zh-CN').name).toBe('Memory');
  });
});

describe('limitField', () => {
  it('is the first number that is not a time', () => {
    expect(limitField(sustained)?.key).toBe('limitWatts');
  });
});

describe('scopes', () => {
  it('survive the select', () => {
    for (const scope of [
      { kind: 'machine' },
      { kind: 'any-gpu' },
      { kind: 'any-project' },
      { kind: 'domain', domainId: 'gpu:a:b' },
      { kind: 'run', runId: 'a1' },
      { kind: 'project', project: 'run:x\ny' },
    ] as const)
      expect(scopeFromText(scopeText(scope))).toEqual(scope);
  });
});

describe('numbers as they are typed', () => {
  const typed = (limitWatts: string): RuleDraft => {
    const draft = newDraft(sustained, null, 'en');
    return { ...draft, params: { ...draft.params, limitWatts } };
  };
  const saved = (text: string) => inputFromDraft(typed(text), sustained, 'en').params.limitWatts;

  it('are saved as the app itself writes them, with grouping', () => {
    expect(['4,400', '4,400.5', '4400,5'].map(saved)).toEqual([4400, 4400.5, 4400.5]);
  });

  it('are refused where they may be read in two ways', () => {
    expect(draftProblems(typed('4400,500'), sustained, 'en').map((problem) => problem.key)).toEqual(['limitWatts']);
  });

  it('follow the language that the page is put to, and stay as they were typed where they were no numbers', () => {
    const german: RuleDraft = {
      ...newDraft(sustained, null, 'de'),
      params: { holdSeconds: '2,5', limitWatts: '4.400', clearWatts: '4,4,0' },
      coolDownSeconds: '0,5',
    };
    const chinese = draftInLocale(german, sustained, 'zh-CN');
    expect(chinese.params).toEqual({ holdSeconds: '2.5', limitWatts: '4400', clearWatts: '4,4,0' });
    expect([chinese.coolDownSeconds, chinese.locale]).toEqual(['0.5', 'zh-CN']);
    expect(draftProblems(chinese, sustained, 'zh-CN').map((problem) => problem.key)).toEqual(['clearWatts']);
    // And back: nothing is lost on the way.
    expect(draftInLocale(chinese, sustained, 'de').params).toMatchObject({ holdSeconds: '2,5', limitWatts: '4400' });
    expect(draftInLocale(german, sustained, 'de')).toBe(german);
  });

  it('stand in the name as they are understood', () => {
    const name = (text: string) => usualRuleName(sustained, namedParams(typed(text), sustained, 'en'));
    expect(name('4,400')).toBe('Power above 4400 W for 30 s');
    expect(name('4400,5')).toBe('Power above 4400.5 W for 30 s');
    expect(name('4,40,0')).toBe('Power above – W for 30 s');
  });
});

describe('fieldLines', () => {
  it('puts a time beside the limit it follows, and alone where it follows none', () => {
    const [hold, limit, clear] = sustained.fields;
    const fields = [limit!, hold!, clear!];
    const keys = (lines: ReturnType<typeof fieldLines>) => lines.map((line) => line.map((field) => field.key));
    expect(keys(fieldLines({ ...sustained, fields }))).toEqual([['limitWatts', 'holdSeconds'], ['clearWatts']]);
    expect(keys(fieldLines(sustained))).toEqual([['holdSeconds'], ['limitWatts'], ['clearWatts']]);
  });
});
