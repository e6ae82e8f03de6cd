import { describe, expect, it } from 'vitest';
import { languageFor, languageOverride } from './languages.ts';

describe('the language of a setting', () => {
  it('is the one that was chosen', () => expect(languageFor('zh-CN', ['en-GB'])).toBe('zh-CN'));

  it('is the first of the system’s that there is, whatever its region', () => {
    expect(languageFor('system', ['de-AT', 'zh-TW', 'en'])).toBe('zh-CN');
    expect(languageFor('system', ['en-GB', 'zh-CN'])).toBe('en');
  });

  it('is English where the system wants none of them', () => {
    expect(languageFor('system', ['de', 'fr-CH'])).toBe('en');
    expect(languageFor('system', [])).toBe('en');
  });
});

describe('a language in the address', () => {
  it('is taken where there is such a one', () => {
    expect(languageOverride('?language=zh-CN')).toBe('zh-CN');
    expect(languageOverride('?language=tlh')).toBeNull();
    expect(languageOverride('')).toBeNull();
  });
});
