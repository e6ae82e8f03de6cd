import { expect, it } from 'vitest';
import type { History } from '../../shared/model/history.ts';
import { liveStateAt } from '../dev/fake-live.ts';
import { appendFrames } from './history-columns.ts';
import { windowEvents } from './window-events.ts';

const live = { ...liveStateAt({ startMs: 0 }, 60_000, { scenario: 'idle' }), alerts: [] };
const history: History = {
  fromMs: 0,
  toMs: 60_000,
  bucketSeconds: 10,
  isReduced: true,
  timesMs: [10_000, 20_000, 30_000, 40_000, 50_000, 60_000],
  series: [{ key: 'machine', min: [], max: [], mean: [100, null, null, 100, 100, 100] }],
  gaps: [
    { domainId: 'gpu:0', fromMs: 12_000, toMs: 33_000, reason: 'suspend', isBridged: false },
    { domainId: 'gpu:1', fromMs: 45_000, toMs: 52_000, reason: 'lost', isBridged: false },
  ],
  runs: [],
  alerts: [],
  marks: [
    { runId: 'r', atMs: 15_000, kind: 'epoch', label: '1' },
    { runId: 'r', atMs: 16_000, kind: 'step', label: '100' },
  ],
};
const columns = appendFrames(history, [], { periodSeconds: 1 });
const range = { fromMs: 0, toMs: 60_000 };

it('narrows a hole of buckets to the gap that history knows, and keeps a lone device apart', () => {
  const { gaps } = windowEvents({ history, columns, machineKey: 'machine', range, live });
  expect(gaps).toEqual([
    { fromMs: 12_000, toMs: 33_000, reason: 'suspend' },
    { fromMs: 45_000, toMs: 52_000, reason: 'lost', isPartial: true, label: 'GPU 1' },
  ]);
});

it('lets a gap grow at the right while nothing is read', () => {
  // The last reading is at 60 s; at 100 s, more than three buckets later, all since is a gap.
  const late = windowEvents({ history, columns, machineKey: 'machine', range: { fromMs: 0, toMs: 100_000 }, live });
  expect(late.gaps[1]).toEqual({ fromMs: 60_000, toMs: 100_000 });
});

it('marks epochs by E and their number, not each step', () => {
  const { marks } = windowEvents({ history, columns, machineKey: 'machine', range, live });
  expect(marks).toEqual([{ atMs: 15_000, label: 'E1' }]);
});

it('says whose a mark is where the window holds several runs', () => {
  const runs = ['a', 'b'].map((id, colorIndex) => ({ id, name: `run ${id}`, colorIndex, fromMs: 0, toMs: null }));
  const marks = [{ runId: 'b', atMs: 15_000, kind: 'epoch', label: '1' }];
  const shown = (held: typeof runs) =>
    windowEvents({ history: { ...history, runs: held, marks }, columns, machineKey: 'machine', range, live }).marks;
  // The second colour of the palette is s2.
  expect(shown(runs)).toMatchObject([{ label: 'E1', run: { id: 'b', name: 'run b', color: 's2' } }]);
  expect(shown(runs.slice(1))).toEqual([{ atMs: 15_000, label: 'E1' }]);
});
