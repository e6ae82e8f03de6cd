import { expect, it } from 'vitest';
import { liveStateAt } from '../dev/fake-live.ts';
import type { WindowColumns } from './history-columns.ts';
import { deviceSeriesAsked, runLayers, runSeriesAsked, windowRuns } from './power-layers.ts';

const live = liveStateAt({ startMs: 1_000_000_000 }, 1_000_000_000, { scenario: 'training' });
const runs = windowRuns(null, live);
const column = (value: number | null) => ({ min: [value], max: [value], mean: [value], seconds: [1] });

it('takes the runs of now, by start, with their GPUs', () => {
  expect(runs.map((run) => [run.id, run.gpuIds.length])).toEqual([
    ['r1', 4],
    ['r2', 2],
  ]);
});

it('asks for the machine, each run and each of its GPUs', () => {
  // 1 + (1 + 4) + (1 + 2).
  expect(runSeriesAsked(runs)).toHaveLength(9);
  // The machine, 9 GPUs, CPU and memory; the two wattmeters hold the others and are in no sum.
  expect(deviceSeriesAsked(live.devices)).toHaveLength(12);
});

it('stands nobody at the bottom, then each run by start: its GPUs, then the rest of it', () => {
  const columns: WindowColumns = {
    timesMs: [1],
    bucketSeconds: 1,
    isReduced: false,
    byKey: new Map([
      // A deleted run had 50 W of it.
      ['machine', column(4300)],
      ['run r1', column(3000)],
      ...[0, 1, 2, 3].map((index) => [`part r1 gpu:${index}`, column(690)] as const),
      ['run r2', column(1100)],
      ['part r2 gpu:4', column(null)],
      ['part r2 gpu:5', column(null)],
    ]),
  };
  const layers = runLayers(columns, runs, {
    devices: live.devices,
    words: { noRun: 'No run', rest: 'CPU and memory' },
  });
  expect(layers.map((layer) => [layer.label, layer.mean[0]])).toEqual([
    ['No run', 200],
    ['llama3-8b-sft-r3 · GPU 0', 690],
    ['llama3-8b-sft-r3 · GPU 1', 690],
    ['llama3-8b-sft-r3 · GPU 2', 690],
    ['llama3-8b-sft-r3 · GPU 3', 690],
    // 3000 − 4 · 690 = 240.
    ['llama3-8b-sft-r3 · CPU and memory', 240],
    // Its parts are unknown: one area.
    ['vit-l-drop02', 1100],
  ]);
});
