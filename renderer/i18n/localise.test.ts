import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { errorCodes } from '../../shared/contract/errors.ts';
import { languages } from '../../shared/model/settings.ts';
import type { EngineWords } from '../../shared/words/engine-text.ts';
import alpha2ByAlpha3 from './alpha2-by-alpha3.json' with { type: 'json' };
import { createI18n, engineWordsOf } from './i18n.ts';
import { answerIn, localise } from './localise.ts';

const { countries } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../resources/carbon/countries.json'), 'utf8'),
) as { readonly countries: readonly { readonly code: string; readonly alpha2: string; readonly name: string }[] };

describe('an answer of the engine', () => {
  let chinese: EngineWords;
  beforeAll(async () => {
    const words = engineWordsOf(await createI18n('zh-CN'));
    if (words === null) throw new Error('There are no words of the engine in zh-CN.');
    chinese = words;
  });

  it('has the names of rules that fired in a history’s language, and its numbers as they are', () => {
    const history = {
      series: [{ key: 'm', mean: [1, null] }],
      alerts: [{ id: 'a', ruleName: 'Run ended: finished, failed or interrupted' }],
      gaps: [{ domainId: 'gpu:0', reason: 'timeout' }],
    };
    const told = answerIn('history.query', history, chinese);
    expect(told.alerts[0]?.ruleName).toBe('训练结束：完成、失败或中断');
    expect(told.series).toBe(history.series);
    expect(told.gaps).toBe(history.gaps);
    expect(answerIn('exports.next', history, chinese)).toBe(history);
  });

  it('has its own texts in the language, and what users wrote as they wrote it', () => {
    const answer = {
      run: { name: 'Memory', command: ['Memory'], notes: 'Memory' },
      marks: [{ label: 'Memory' }],
      devices: [
        { domain: { id: 'dram:0', label: 'Memory', name: 'DDR5' }, note: 'GPU is lost.' },
        { domain: { id: 'dram:1', kind: 'dram', label: 'Memory', name: '24 GiB memory' } },
      ],
      gaps: [{ reason: 'lost' }],
      emissions: { region: 'DEU', regionName: 'Germany' },
    };
    expect(localise(answer, chinese)).toEqual({
      ...answer,
      devices: [
        { domain: { id: 'dram:0', label: '内存', name: 'DDR5' }, note: 'GPU 失联。' },
        { domain: { id: 'dram:1', kind: 'dram', label: '内存', name: '24 GiB 内存' } },
      ],
      emissions: { region: 'DEU', regionName: '德国' },
    });
  });

  it('is the same object where nothing in it changes', () => {
    const answer = { rows: [{ watts: 1 }], columns: [1, 2] };
    expect(localise(answer, chinese)).toBe(answer);
  });

  it('tells alerts of rules that nobody named by their kind, and leaves the rules themselves to their page', () => {
    const rule = { name: 'Power above 4500 W for 30 s', scopeLabel: 'Any GPU' };
    expect(localise(rule, chinese)).toEqual({ ...rule, scopeLabel: '任一 GPU' });
    const alert = { ruleName: 'Power above 4500 W for 30 s', scopeLabel: 'Any GPU' };
    expect(localise(alert, chinese)).toMatchObject({ ruleName: expect.stringMatching(/4500 W.*30/) });
    expect(localise(alert, chinese)).not.toMatchObject({ ruleName: expect.stringContaining('above') });
  });

  it('names every country that a region can be', () => {
    const untold = countries.filter(({ code, name }) => !/\p{Script=Han}/u.test(chinese.region(code, name)));
    expect(untold.map(({ code }) => code)).toEqual([]);
    expect(chinese.region('WORLD', 'World average')).toBe('全球平均');
    expect(alpha2ByAlpha3).toEqual(Object.fromEntries(countries.map(({ code, alpha2 }) => [code, alpha2])));
  });
});

it('says every error code in words, in every language, with the code itself', async () => {
  for (const language of languages) {
    const { t, getResource } = await createI18n(language);
    for (const code of errorCodes) expect(getResource(language, 'engine', `error.${code}`), code).toBeTypeOf('string');
    expect(t('views:runs.deleteFailed', { code: 'store/full' })).toContain('(store/full)');
    expect(t('views:runs.deleteFailed', { code: 'some/other' })).toContain('some/other');
  }
});
