import { expect, it } from 'vitest';
import english from '../i18n/en/welcome.json' with { type: 'json' };
import chinese from '../i18n/zh-CN/welcome.json' with { type: 'json' };

it('what is assumed is an estimate by inputs that are, as reports say it, and no fixed figure: a load moves it', () => {
  for (const words of [english.by.assumed, english.legend.assumed])
    expect(words).toMatch(/^estimated\b.*\binputs\b.*\bassumed$/);
  for (const words of [chinese.by.assumed, chinese.legend.assumed]) expect(words).toMatch(/估算/);
});
