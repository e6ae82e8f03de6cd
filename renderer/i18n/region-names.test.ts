import { expect, it } from 'vitest';
import { createI18n, regionNameOf } from './i18n.ts';

it('names countries and the world without the engine’s own table, and leaves other codes as they are', async () => {
  const english = await createI18n();
  expect(['DEU', 'WORLD', 'US-CAISO'].map((code) => regionNameOf(english, code))).toEqual([
    'Germany',
    'World average',
    'US-CAISO',
  ]);
  expect(regionNameOf(await createI18n('zh-CN'), 'WORLD')).toBe('全球平均');
});
