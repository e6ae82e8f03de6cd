import { describe, expect, it } from 'vitest';
import { isExternalLink, isOwnPage } from './page-address.ts';

const page = 'file:///opt/Wattrun/resources/app.asar/out/renderer/index.html';

describe('the app’s own page', () => {
  it('is the same document with any anchor or query', () => {
    expect(isOwnPage(page, page)).toBe(true);
    expect(isOwnPage(`${page}#/runs/x`, page)).toBe(true);
    expect(isOwnPage(`${page}?theme=dark#/live`, page)).toBe(true);
  });

  it('is no other file, host or scheme', () => {
    for (const url of [
      'file:///etc/passwd',
      page.replace('index.html', 'other.html'),
      `${page}/../x.html`,
      'https://example.org/index.html',
      page.replace('file://', 'file://server'),
      'about:blank',
      'data:text/html,x',
      '',
      'not a url',
    ])
      expect(isOwnPage(url, page), url).toBe(false);
  });
});

describe('a link that may leave the app', () => {
  it('is https and nothing else', () => {
    expect(isExternalLink('https://example.org/x')).toBe(true);
    for (const url of ['http://example.org', 'file:///etc/passwd', 'javascript:alert(1)', 'smb://x/y', 'x', ''])
      expect(isExternalLink(url), url).toBe(false);
  });
});
