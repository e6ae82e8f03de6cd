import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkAmong, pathOfLink } from './deep-link.ts';

describe('a link into the app', () => {
  it('leads to the page it names', () => {
    expect(pathOfLink('wattrun://run/g0690bn387')).toBe('/runs/g0690bn387');
    expect(pathOfLink('wattrun://run/g0690bn387/')).toBe('/runs/g0690bn387');
    expect(pathOfLink('WATTRUN://Live')).toBe('/live');
    expect(pathOfLink('wattrun://live/charts')).toBe('/live/charts');
    expect(pathOfLink('wattrun://compare/a1,b2')).toBe('/compare/a1,b2');
    for (const page of ['runs', 'alerts', 'sensors', 'settings'])
      expect(pathOfLink(`wattrun://${page}`)).toBe(`/${page}`);
  });

  it('leads nowhere where it is anything else', () => {
    const hostile = [
      '',
      'wattrun:',
      'wattrun://',
      'wattrun://run',
      'wattrun://run/',
      'wattrun://run/../../etc/passwd',
      'wattrun://run/%2e%2e%2fsettings',
      'wattrun://run/a/b',
      'wattrun://run/<script>alert(1)</script>',
      'wattrun://run/a?delete=1',
      'wattrun://run/a#/settings',
      'wattrun://user:pass@run/a',
      'wattrun://run:80/a',
      'wattrun://constructor',
      'wattrun://__proto__/charts',
      'wattrun://live/elsewhere',
      'wattrun://demo/enter',
      `wattrun://run/${'a'.repeat(65)}`,
      `wattrun://compare/${Array.from({ length: 9 }, (_, i) => `r${i}`).join(',')}`,
      'https://run/a',
      'javascript:alert(1)',
      'file:///etc/passwd',
    ];
    for (const link of hostile) expect([link, pathOfLink(link)]).toEqual([link, null]);
  });

  it('is a page of ours or nothing, whatever is behind the scheme', () => {
    const parts = fc.array(fc.constantFrom('run', 'live', '/', '..', '%2f', 'a', '?', '#', '@', ':', '//', '\\', ' '));
    fc.assert(
      fc.property(parts, (tail) => {
        const path = pathOfLink(`wattrun://${tail.join('')}`);
        expect(path === null || /^\/(runs\/[\w-]+|runs|live(\/(charts|processes))?)$/.test(path)).toBe(true);
      }),
    );
  });

  it('is found among the arguments of a start', () => {
    expect(linkAmong(['/usr/bin/wattrun', '--hidden'])).toBeNull();
    expect(linkAmong(['electron', '.', '--allow-x', 'wattrun://run/a'])).toBe('wattrun://run/a');
  });
});
