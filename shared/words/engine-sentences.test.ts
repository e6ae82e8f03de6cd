import { expect, it } from 'vitest';
import { engineWordsIn } from './engine-sentences.ts';
import engine from './zh-CN/engine.json' with { type: 'json' };
import rules from './zh-CN/rules.json' with { type: 'json' };

const chinese = engineWordsIn({ engine, rules }, (_code, name) => name);

it('what a report says of an alert is told in the language, whatever its rule and unit', () => {
  expect(chinese.text('Power above 4400 W for 30 s: Whole machine, 4691 W')).toBe(
    '功率高于 4400 W 持续 30 秒：整机，4691 W',
  );
  expect(chinese.text('Budget 100 kWh (day): Whole machine, 80 kWh')).toBe('预算 100 kWh（日）：整机，80 kWh');
  // As an earlier version named it, and as it is named now.
  expect(chinese.text('Run ended: finished or failed')).toBe('训练结束：完成或失败');
  expect(chinese.text('Run ended: finished, failed or interrupted')).toBe('训练结束：完成、失败或中断');
  expect(chinese.text('Run ended: failed: vit-l')).toMatch(/^训练结束：.+：vit-l$/);
});

it('a rule that somebody named, and any other text with a colon, stays as it is', () => {
  expect(chinese.text('my rule: a, b')).toBe('my rule: a, b');
  expect(chinese.text('note: c')).toBe('note: c');
});
