import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { normalizeCpuName } from './cpu-name.ts';

const resources = join(import.meta.dirname, '../../../resources/cpu');
const table = JSON.parse(readFileSync(join(resources, 'cpus.json'), 'utf8')) as { cpus: Record<string, unknown> };

/** The examples of the README: reported name, key, and whether the table has no entry for it. */
const examples = readFileSync(join(resources, 'README.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, reported, key, missing] = /^\| `(.+)` +\| `(.+?)`( \(no entry\))? *\|$/.exec(line) ?? [];
    return reported === undefined || key === undefined ? [] : [{ reported, key, isListed: missing === undefined }];
  });

describe('normalizeCpuName', () => {
  it('has examples to go by', () => expect(examples.length).toBeGreaterThan(15));

  it.each(examples)('brings "$reported" to "$key"', ({ reported, key, isListed }) => {
    expect(normalizeCpuName(reported)).toBe(key);
    expect(Object.hasOwn(table.cpus, key)).toBe(isListed);
  });

  it('leaves every key of the table as it is', () => {
    const changed = Object.keys(table.cpus).filter((key) => normalizeCpuName(key) !== key);
    expect(changed).toEqual([]);
  });

  it('looks at the first 200 characters only: a name of a million blanks takes no time', () => {
    const startedMicroseconds = process.threadCpuUsage().user;
    expect(normalizeCpuName(`AMD EPYC 7763 ${' '.repeat(1_000_000)}@ 2.45GHz`)).toBe('epyc 7763');
    expect(normalizeCpuName('x'.repeat(1000))).toBe('x'.repeat(200));
    // Searched whole it would be 10^12 steps: hours. 100,000 microseconds are far from both.
    expect(process.threadCpuUsage().user - startedMicroseconds).toBeLessThan(100_000);
  });
});
