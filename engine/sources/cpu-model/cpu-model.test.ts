import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capturesFolder, listCaptures } from '../../../tests/captures.ts';
import { estimateCpuWatts } from './cpu-model.ts';
import { knownPartError, specifyCpu } from './cpu-specification.ts';

const input = { tdpWatts: 200, coreGhz: 50 };

describe('estimateCpuWatts', () => {
  it.each([
    // 10 % of 200 W of TDP: 20 W.
    [0, 20],
    // 20 W + 3 W × 50 core-GHz: 170 W.
    [1, 170],
    // (1/8)^(2/3) = 1/4: 20 W + 150 W / 4 = 57.5 W.
    [1 / 8, 57.5],
    // (27/64)^(2/3) = 9/16: 20 W + 150 W × 9/16 = 104.375 W.
    [27 / 64, 104.375],
  ])('of a load of %d is %d W', (load, watts) => expect(estimateCpuWatts(input, load)).toBeCloseTo(watts, 9));

  it('takes a load outside 0…1 for the nearer end', () => {
    expect(estimateCpuWatts(input, -0.5)).toBe(20);
    expect(estimateCpuWatts(input, 1.5)).toBe(170);
  });

  it('never falls as the load rises', () => {
    const ratio = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(ratio, ratio, (one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        expect(estimateCpuWatts(input, more)).toBeGreaterThanOrEqual(estimateCpuWatts(input, less));
      }),
    );
  });
});

/** The machines of the captures by folder. E5-1240 is left out: the E3-1240 v2 again, with its cores counted twice. */
const captured = [
  { folder: 'AMD_EPYC_8024P_8C', cpuName: 'AMD EPYC 8024P 8-Core Processor', sockets: 1, threads: 16, rows: 22 },
  {
    folder: 'AMD_Threadripper',
    cpuName: 'AMD Ryzen Threadripper 1950X 16-Core Processor',
    sockets: 1,
    threads: 32,
    rows: 22,
  },
  { folder: 'E3-1240', cpuName: 'Intel(R) Xeon(R) CPU E3-1240 V2 @ 3.40GHz', sockets: 1, threads: 8, rows: 20 },
  { folder: 'E5-2620', cpuName: 'Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz', sockets: 2, threads: 24, rows: 22 },
];

/** Measured and estimated watts of every row of a machine. Power is energy over time: the column rapl_power is that of the row before. */
function comparisonsOf({ folder, cpuName, sockets, threads }: (typeof captured)[number]) {
  const { input } = specifyCpu({
    hostName: '',
    osLabel: '',
    cpuName,
    sockets,
    threads,
    physicalCores: null,
    baseGhz: null,
    isVirtual: false,
    memoryBytes: 0,
  });
  const files = listCaptures(`rapl/${folder}`, '.csv').filter((path) => !path.endsWith('-tasks.csv'));
  return files.flatMap((path) =>
    parse<Readonly<Record<string, string>>>(readFileSync(path, 'utf8'), { columns: true }).map((row) => ({
      measuredWatts: (Number(row.rapl_energy) * 3.6e6) / Number(row.duration),
      estimatedWatts: estimateCpuWatts(input, Number(row.cpu_load) / 100),
    })),
  );
}

describe.skipIf(capturesFolder === null)('on measured CPUs (skipped where there is no ../shared/data)', () => {
  const byMachine = captured.map((machine) => ({ ...machine, comparisons: comparisonsOf(machine) }));

  it.each(byMachine)('has every row of $folder', ({ comparisons, rows }) => expect(comparisons).toHaveLength(rows));

  it('errs by 26 % at most, the mean over machines of their mean relative error', () => {
    const errors = byMachine.map(
      ({ comparisons }) =>
        comparisons.reduce((sum, row) => sum + Math.abs(row.estimatedWatts / row.measuredWatts - 1), 0) /
        comparisons.length,
    );
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThanOrEqual(0.26);
  });

  it('has bounds that hold nine of ten measured rows', () => {
    const all = byMachine.flatMap(({ comparisons }) => comparisons);
    const held = all.filter(
      ({ measuredWatts, estimatedWatts }) =>
        measuredWatts >= estimatedWatts * knownPartError.lowRatio &&
        measuredWatts <= estimatedWatts * knownPartError.highRatio,
    );
    expect(held.length / all.length).toBeGreaterThanOrEqual(0.9);
  });
});
