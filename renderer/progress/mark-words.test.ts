import { beforeAll, describe, expect, it } from 'vitest';
import { createI18n } from '../i18n/i18n.ts';
import { markLine, markWords } from './mark-words.ts';

describe('a mark', () => {
  const wordings = new Map<string, Parameters<typeof markWords>[1]>();
  beforeAll(async () => {
    for (const locale of ['en', 'zh-CN'] as const) {
      const i18n = await createI18n(locale);
      wordings.set(locale, {
        locale,
        t: (key, values) => i18n.getFixedT(locale, ['progress', 'app'], undefined)(key, { ...values }),
      });
    }
  });
  const words = (locale: string, kind: string, label: string, value: number | null): string => {
    const wording = wordings.get(locale);
    if (wording === undefined) throw new Error(`no words in ${locale}`);
    return markWords({ kind, label, value }, wording);
  };

  it('of an epoch says its number once, in the reader’s language', () => {
    for (const [label, value] of [
      ['', 3],
      ['3', null],
      ['epoch 3', 3],
    ] as const) {
      expect(words('en', 'epoch', label, value)).toBe('epoch 3');
      expect(words('zh-CN', 'epoch', label, value)).toBe('第 3 轮');
    }
  });

  it('of an epoch with a name keeps the name', () => {
    expect(words('en', 'epoch', 'warm-up', 1)).toBe('epoch warm-up 1');
    expect(words('zh-CN', 'epoch', 'warm-up', null)).toBe('轮次 warm-up');
  });

  it('tells its amounts as the run’s until then, not as its own', () => {
    const mark = { kind: 'epoch', label: '', value: 3 };
    const [english, chinese] = [wordings.get('en'), wordings.get('zh-CN')];
    if (english === undefined || chinese === undefined) throw new Error('no words');
    expect(markLine(mark, ['1.20 kWh', '€0.34'], english)).toBe('epoch 3, 1.20 kWh, €0.34 so far');
    expect(markLine(mark, ['1.20 kWh', null], chinese)).toBe('第 3 轮，累计 1.20 kWh');
    expect(markLine(mark, [null, null], english)).toBe('epoch 3');
  });

  it('of another kind is what its program said', () => {
    expect(words('zh-CN', 'checkpoint', 'best', 0.912)).toBe('checkpoint best 0.912');
    expect(words('en', 'note', 'lr halved', null)).toBe('note lr halved');
  });
});
