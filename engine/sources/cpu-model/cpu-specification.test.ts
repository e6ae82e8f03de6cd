import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MachineFacts } from '../../machine/machine.ts';
import { assumedPartBounds, knownPartBounds } from './cpu-bounds.ts';
import { unknownHardware } from './cpu-hardware.ts';
import { specifyCpu } from './cpu-specification.ts';

const facts = (values: Partial<MachineFacts>): MachineFacts => ({
  hostName: 'box',
  osLabel: 'Linux',
  cpuName: 'AMD EPYC 7763 64-Core Processor',
  threads: 128,
  physicalCores: 64,
  sockets: 1,
  baseGhz: null,
  isVirtual: false,
  memoryBytes: 2 ** 36,
  ...values,
});
const unlisted = (values: Partial<MachineFacts>): MachineFacts =>
  facts({ cpuName: 'Some New Processor 9000', threads: 64, physicalCores: 32, ...values });

describe('specifyCpu, of a part in the table', () => {
  it('knows it by the name that the kernel reports', () => {
    // EPYC 7763: 280 W, 64 cores at 2.45 GHz: 156.8 core-GHz.
    const found = specifyCpu(facts({}));
    expect(found.provenance).toBe('model');
    expect(found.bounds).toBe(knownPartBounds);
    expect(found.input.tdpWatts).toBe(280);
    expect(found.input.coreGhz).toBeCloseTo(156.8, 9);
  });

  it('counts every socket', () => {
    // Two E5-2620 v3, each 85 W and 6 cores at 2.4 GHz: 170 W and 28.8 core-GHz.
    const found = specifyCpu(
      facts({ cpuName: 'Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz', threads: 24, physicalCores: 12, sockets: 2 }),
    );
    expect(found.input.tdpWatts).toBe(170);
    expect(found.input.coreGhz).toBeCloseTo(28.8, 9);
    expect(found.basis).toContain('2 sockets');
  });

  it('gives a guest the share of the part that its vCPUs are, whatever sockets it is shown', () => {
    // 16 of 128 threads are an eighth: 35 W and 19.6 core-GHz.
    const found = specifyCpu(facts({ isVirtual: true, threads: 16, physicalCores: 8, sockets: 16 }));
    expect(found.input.tdpWatts).toBe(35);
    expect(found.input.coreGhz).toBeCloseTo(19.6, 9);
    expect(found.basis).toContain('16 of 128 threads');
  });

  it('counts efficiency cores with their own clock', () => {
    // Core i9-13900K: 8 cores at 3.0 GHz and 16 at 2.2 GHz: 24 + 35.2 = 59.2 core-GHz.
    const found = specifyCpu(
      facts({ cpuName: '13th Gen Intel(R) Core(TM) i9-13900K', threads: 32, physicalCores: 24 }),
    );
    expect(found.input.tdpWatts).toBe(125);
    expect(found.input.coreGhz).toBeCloseTo(59.2, 9);
  });

  it('keeps to its TDP though powercap tells another limit', () =>
    expect(specifyCpu(facts({}), { ...unknownHardware, packageLimitWatts: 400 }).input.tdpWatts).toBe(280));

  it('takes cores and clock from the machine where the table has only a TDP', () => {
    // A10-5700: 65 W and no cores in the table; 4 cores at 3.4 GHz: 13.6 core-GHz.
    const found = specifyCpu(
      facts({ cpuName: 'AMD A10-5700 APU with Radeon(tm) HD Graphics', threads: 4, physicalCores: 4, baseGhz: 3.4 }),
    );
    expect(found).toMatchObject({ provenance: 'model', input: { tdpWatts: 65 } });
    expect(found.input.coreGhz).toBeCloseTo(13.6, 9);
  });
});

describe('specifyCpu, of a part that is not in the table', () => {
  it('takes the limit that powercap tells for its TDP', () => {
    // 32 cores at 2 GHz: 64 core-GHz.
    const found = specifyCpu(unlisted({ baseGhz: 2 }), { ...unknownHardware, packageLimitWatts: 225 });
    expect(found).toMatchObject({
      provenance: 'model',
      bounds: knownPartBounds,
      input: { tdpWatts: 225, coreGhz: 64 },
    });
    expect(found.basis).toContain('225 W of TDP from powercap');
  });

  it('counts efficiency cores with the clock that the kernel tells', () => {
    // 8 cores at 3 GHz and 16 at 2 GHz: 24 + 32 = 56 core-GHz.
    const found = specifyCpu(unlisted({ threads: 32, physicalCores: 24, baseGhz: 3 }), {
      packageLimitWatts: 125,
      highestGhz: 5.8,
      efficiency: { cores: 16, baseGhz: 2 },
    });
    expect(found.input.coreGhz).toBe(56);
  });

  it('guesses the clock from the highest one as a last resort, and says so', () => {
    // 0.7 × 4 GHz = 2.8 GHz; × 32 cores: 89.6 core-GHz.
    const found = specifyCpu(unlisted({}), { ...unknownHardware, packageLimitWatts: 225, highestGhz: 4 });
    expect(found).toMatchObject({ provenance: 'assumed', bounds: assumedPartBounds });
    expect(found.input.coreGhz).toBeCloseTo(89.6, 9);
    expect(found.basis).toContain('guessed from the highest');
  });

  it('assumes 8 W and 2.5 GHz a core where nothing tells', () =>
    // 32 cores: 256 W and 80 core-GHz.
    expect(specifyCpu(unlisted({}))).toMatchObject({
      provenance: 'assumed',
      bounds: assumedPartBounds,
      input: { tdpWatts: 256, coreGhz: 80 },
    }));

  it('takes two vCPUs of a guest for a core, the clock that it reports, and no limit of the host', () => {
    // 6 threads are 3 cores: 24 W; at 3 GHz 9 core-GHz. One thread is still a whole core: 8 W.
    const guest = { cpuName: 'unknown CPU', isVirtual: true, physicalCores: 6 };
    const hardware = { ...unknownHardware, packageLimitWatts: 400 };
    expect(specifyCpu(facts({ ...guest, threads: 6, baseGhz: 3 }), hardware).input).toEqual({
      tdpWatts: 24,
      coreGhz: 9,
    });
    expect(specifyCpu(facts({ ...guest, threads: 1 }))).toMatchObject({
      input: { tdpWatts: 8 },
      basis: expect.stringContaining(': 1 core taken for 8 W'),
    });
  });

  it("assumes 2.5 W for a core of Arm's, and a vCPU for one", () => {
    const grace = facts({ cpuName: 'Arm Neoverse-V2', threads: 72, physicalCores: 72, isArm: true });
    // 72 x 2.5 W = 180 W.
    expect(specifyCpu(grace)).toMatchObject({ provenance: 'assumed', input: { tdpWatts: 180 } });
    expect(specifyCpu(grace).basis).toContain('72 cores taken for 2.5 W');
    expect(specifyCpu({ ...grace, threads: 4, physicalCores: 4, isVirtual: true }).input.tdpWatts).toBe(10);
  });

  it.each([
    'AMD EPYC',
    'AMD EPYC Processor',
    'AMD EPYC 776',
    'EPYC 77631',
    'Intel Xeon Processor',
    'Intel Xeon Processor (Skylake, IBRS)',
    '',
    'constructor',
    '__proto__',
  ])('takes %j for no part of the table, however many names hold it', (cpuName) =>
    expect(specifyCpu(facts({ cpuName, isVirtual: true })).provenance).toBe('assumed'),
  );

  it('assumes what is usual among the server parts of the table', () => {
    const path = join(import.meta.dirname, '../../../resources/cpu/cpus.json');
    const table: { readonly cpus: Record<string, { tdpWatts?: number; cores?: number; baseGhz?: number }> } =
      JSON.parse(readFileSync(path, 'utf8'));
    const parts = Object.entries(table.cpus).flatMap(([name, { tdpWatts, cores, baseGhz }]) =>
      /^(epyc|xeon (platinum|gold|silver|bronze|max|6))/.test(name) && tdpWatts && cores && baseGhz
        ? [{ wattsPerCore: tdpWatts / cores, baseGhz }]
        : [],
    );
    const medianOf = (values: readonly number[]): number =>
      values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
    expect(parts.length).toBeGreaterThan(200);
    expect(medianOf(parts.map((part) => part.wattsPerCore))).toBeCloseTo(8, 0);
    expect(medianOf(parts.map((part) => part.baseGhz))).toBeCloseTo(2.5, 1);
  });
});
