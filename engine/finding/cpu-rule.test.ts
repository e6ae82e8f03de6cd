import { describe, expect, it } from 'vitest';
import { assertPattern, createCpuRule } from './cpu-rule.ts';

describe('the rule on command lines', () => {
  it('says which of them it names, in their order', () => {
    const rule = createCpuRule('python.*train');
    expect(rule.match(['python train.py', 'vim train.py', '/usr/bin/python3 -m pkg.train'])).toEqual([
      true,
      false,
      true,
    ]);
    expect(rule.match([])).toEqual([]);
  });

  it('looks no further than 4096 characters', () =>
    expect(createCpuRule('end$').match([`${'x'.repeat(5000)}end`])).toEqual([false]));

  it('gives up on a search without end, and goes on afterwards', () => {
    const rule = createCpuRule('^(a+)+$');
    const startedMs = performance.now();
    expect(rule.match([`${'a'.repeat(4000)}!`])).toBeNull();
    // The limit is 100 ms; this machine may be busy.
    expect(performance.now() - startedMs).toBeLessThan(2000);
    expect(rule.match(['aaa'])).toEqual([true]);
  });

  it.each(['(', '[a', '*a', 'a{2,1}'])('is none: %j', (text) =>
    expect(() => createCpuRule(text)).toThrow(/cannot be read/),
  );

  it.each(['(x+x+)+y', '^(\\w+\\s?)*$', '(.*a){20}$'])('is refused where it takes for ever: %j', (text) =>
    expect(() => assertPattern(text)).toThrow(/too long/),
  );

  it.each([null, 'train', '(python|julia).*(train|fit)', '^/opt/.*\\.py\\b'])('is fine: %j', (text) =>
    expect(() => assertPattern(text)).not.toThrow(),
  );
});
