import { describe, expect, it } from 'vitest';
import { capturesFolder, readCapture } from '../../../tests/captures.ts';
import { boundsAt } from './cpu-bounds.ts';
import { estimateCpuWatts } from './cpu-model.ts';
import { specifyCpu } from './cpu-specification.ts';

/** turbostat's rows for the whole machine, by the names of its columns: those whose core is '-'. */
function summaryRows(text: string): readonly ReadonlyMap<string, string>[] {
  const [header = '', ...lines] = text.split('\n');
  const names = header.trim().split(/\s+/);
  return lines
    .map(
      (line) =>
        new Map(
          line
            .trim()
            .split(/\s+/)
            .map((cell, i) => [names[i] ?? '', cell]),
        ),
    )
    .filter((row) => row.get('Core') === '-');
}

/** The machine that the capture's name tells of; it says no more than that itself. */
const ryzen = {
  hostName: 'box',
  osLabel: 'Linux',
  cpuName: 'AMD Ryzen 7 9700X 8-Core Processor',
  threads: 16,
  physicalCores: 8,
  sockets: 1,
  baseGhz: null,
  isVirtual: false,
  memoryBytes: 0,
};

// Nobody asks turbostat for power here, it needs root. What it measured is what the model has to meet.
describe.skipIf(capturesFolder === null)(
  'rapl/turbostat: an idle Ryzen 7 9700X (skipped where there is no ../shared/data)',
  () => {
    // Read within a test: the body of a description that is skipped is run all the same.
    const readRows = () =>
      summaryRows(readCapture('rapl/turbostat/telegraf__amd-r7-9700x.txt')).map((row) => ({
        loadRatio: Number(row.get('Busy%')) / 100,
        watts: Number(row.get('PkgWatt')),
      }));

    it('has two rows for the whole package', () =>
      expect(readRows()).toEqual([
        { loadRatio: 0.012, watts: 24.55 },
        { loadRatio: 0.0129, watts: 24.08 },
      ]));

    it('drew three times what the model gives, which its bounds for an idle package have room for', () => {
      const rows = readRows();
      const { input, bounds } = specifyCpu(ryzen);
      // 65 W and 8 cores × 3.8 GHz. 0.0924 × 65 W = 6.006 W; 2 × 0.012 − 0.012^1.4 = 0.021954; 2.9129 × 30.4 × 0.021954 = 1.944 W.
      expect(estimateCpuWatts(input, 0.012)).toBeCloseTo(7.95, 2);
      // 24.55 / 7.95 = 3.09; 24.08 / 8.09 = 2.98.
      expect(
        rows.map(({ loadRatio, watts }) => Number((watts / estimateCpuWatts(input, loadRatio)).toFixed(2))),
      ).toEqual([3.09, 2.98]);
      for (const { loadRatio, watts } of rows) {
        const { lowRatio, highRatio } = boundsAt(bounds, loadRatio);
        const estimate = estimateCpuWatts(input, loadRatio);
        expect(watts).toBeGreaterThan(lowRatio * estimate);
        expect(watts).toBeLessThan(highRatio * estimate);
      }
    });
  },
);
