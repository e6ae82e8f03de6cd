import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCpuList, readCpuHardware, unknownHardware } from './cpu-hardware.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wattrun-cpu-hardware-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** A powercap zone with its constraints by name, microwatts each; '' where the file is empty. */
function writeZone(zone: string, name: string, constraints: Readonly<Record<string, string>>): void {
  write(`class/powercap/${zone}/name`, `${name}\n`);
  for (const [i, [constraint, microwatts]] of Object.entries(constraints).entries()) {
    write(`class/powercap/${zone}/constraint_${i}_name`, `${constraint}\n`);
    write(`class/powercap/${zone}/constraint_${i}_max_power_uw`, `${microwatts}\n`);
    write(`class/powercap/${zone}/constraint_${i}_power_limit_uw`, '4090000000\n');
  }
}

describe('readCpuHardware', () => {
  it('adds up the long-term limits of both packages, in watts', async () => {
    // As a two-socket E5-2620 v3 tells it: 85 W each.
    writeZone('intel-rapl:0', 'package-0', { long_term: '85000000', short_term: '170000000' });
    writeZone('intel-rapl:1', 'package-1', { long_term: '85000000', short_term: '170000000' });
    writeZone('intel-rapl:0:0', 'dram', { long_term: '20000000' });
    expect((await readCpuHardware(root)).packageLimitWatts).toBe(170);
  });

  it('counts a package once though its dies and intel-rapl-mmio repeat it', async () => {
    writeZone('intel-rapl:0', 'package-0-die-0', { long_term: '250000000' });
    writeZone('intel-rapl:1', 'package-0-die-1', { long_term: '250000000' });
    writeZone('intel-rapl-mmio:0', 'package-0', { long_term: '250000000' });
    writeZone('intel-rapl:2', 'psys', { long_term: '400000000' });
    expect((await readCpuHardware(root)).packageLimitWatts).toBe(250);
  });

  it('goes by the name of a constraint, not by its number', async () => {
    writeZone('intel-rapl:0', 'package-0', { short_term: '250000000', long_term: '125000000' });
    expect((await readCpuHardware(root)).packageLimitWatts).toBe(125);
  });

  it.each(['0', '', 'garbage', '-5', '4090000000000', '1e9'])(
    'knows no limit where one package says %j',
    async (microwatts) => {
      writeZone('intel-rapl:0', 'package-0', { long_term: '85000000' });
      writeZone('intel-rapl:1', 'package-1', { long_term: microwatts });
      expect((await readCpuHardware(root)).packageLimitWatts).toBeNull();
    },
  );

  it('tells efficiency cores with their clock, and the highest clock', async () => {
    write('devices/cpu_atom/cpus', '16-31\n');
    write('devices/system/cpu/cpu16/cpufreq/base_frequency', '2200000\n');
    write('devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq', '5800000\n');
    expect(await readCpuHardware(root)).toEqual({
      packageLimitWatts: null,
      highestGhz: 5.8,
      efficiency: { cores: 16, baseGhz: 2.2 },
    });
  });

  it('knows nothing where there is nothing', async () => expect(await readCpuHardware(root)).toEqual(unknownHardware));
});

it('counts the package of the eleventh zone, intel-rapl:a', async () => {
  for (const [i, zone] of ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a'].entries())
    writeZone(`intel-rapl:${zone}`, `package-${i}`, { long_term: '100000000' });
  // 11 × 100 W.
  expect((await readCpuHardware(root)).packageLimitWatts).toBe(1100);
});

describe('parseCpuList', () => {
  it.each([
    ['16-31', 16],
    ['0', 1],
    ['0-3,8,10-11', 7],
    // The same CPU twice is one.
    ['0-3,2', 4],
    ['', 0],
    ['3-1', 0],
    ['a-b', 0],
    ['0-99999999', 0],
  ])('counts in %j %d', (text, count) => expect(parseCpuList(text)).toHaveLength(count));

  it('gives each CPU once and in order, whatever the order of the ranges', () =>
    expect(parseCpuList('8,2-3,0-2')).toEqual([0, 1, 2, 3, 8]));

  it('does the work of one range for five thousand that are the same, and none for a longer text', () => {
    const startedMicroseconds = process.threadCpuUsage().user;
    // '0-8191,' is 7 characters: 5850 of them are 40,949 without the last comma, of 40,960 that are read.
    expect(parseCpuList(`${'0-8191,'.repeat(5849)}0-8191`)).toHaveLength(8192);
    // Expanded each by itself that would be 48 million numbers, a second and more.
    expect(process.threadCpuUsage().user - startedMicroseconds).toBeLessThan(100_000);
    expect(parseCpuList(`${'0-8191,'.repeat(5851)}0-8191`)).toEqual([]);
  });

  it('neither throws nor grows beyond the number of CPUs that there can be', () => {
    const words = fc.array(fc.constantFrom('0', '9', '-', ',', '9999', ' ')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(words, (text) => {
        expect(parseCpuList(text).length).toBeLessThanOrEqual(8192);
      }),
    );
  });
});
