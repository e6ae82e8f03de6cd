import { describe, expect, it } from 'vitest';
import type { MachineFacts } from '../../machine/machine.ts';
import { assumedPartError, knownPartError, specifyCpu } from './cpu-specification.ts';

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

describe('specifyCpu', () => {
  it('knows a part of the table by the name that the kernel reports', () => {
    // EPYC 7763: 280 W, 64 cores at 2.45 GHz: 156.8 core-GHz.
    const found = specifyCpu(facts({}));
    expect(found.provenance).toBe('model');
    expect(found.error).toEqual(knownPartError);
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

  it('gives a guest the share of the part that its threads are', () => {
    // 16 of 128 threads are an eighth: 35 W and 19.6 core-GHz.
    const found = specifyCpu(facts({ isVirtual: true, threads: 16, physicalCores: 8 }));
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

  it('assumes 4 W and 2.5 GHz a core for a part that is not in the table', () => {
    // 32 cores: 128 W and 80 core-GHz.
    const found = specifyCpu(facts({ cpuName: 'Some New Processor 9000', threads: 64, physicalCores: 32 }));
    expect(found).toMatchObject({
      provenance: 'assumed',
      error: assumedPartError,
      input: { tdpWatts: 128, coreGhz: 80 },
    });
  });

  it('takes two threads of an unknown guest for a core, and the clock that it reports', () => {
    // 6 threads are 3 cores: 12 W; at 3 GHz 9 core-GHz. One thread is still a whole core: 4 W.
    const guest = { cpuName: 'unknown CPU', isVirtual: true, physicalCores: 6 };
    expect(specifyCpu(facts({ ...guest, threads: 6, baseGhz: 3 })).input).toEqual({ tdpWatts: 12, coreGhz: 9 });
    expect(specifyCpu(facts({ ...guest, threads: 1 })).input.tdpWatts).toBe(4);
  });

  it.each(['AMD EPYC', 'AMD EPYC 776', 'EPYC 77631', 'Intel Xeon Processor', '', 'constructor', '__proto__'])(
    'takes %j for no part of the table, however many names hold it',
    (cpuName) => expect(specifyCpu(facts({ cpuName })).provenance).toBe('assumed'),
  );
});
