import type { History, HistoryQuery, SeriesOf } from '../../shared/model/history.ts';
import { type FakeOptions, machineWatts, runWatts } from './fake-live.ts';
import { cpuAt, gapSpan, gpuAt, memoryWattsAt, runStartMinutes, type Scene } from './traces.ts';

const samplesABucket = 4;

/** The traces as history would give them: buckets with lowest, highest and mean. */
export function historyOf(scene: Scene, query: HistoryQuery, options: FakeOptions): History {
  const spanMs = query.toMs - query.fromMs;
  const bucketMs = Math.max(1000, Math.ceil(spanMs / query.maxPoints / 1000) * 1000);
  const timesMs: number[] = [];
  for (let at = Math.ceil(query.fromMs / bucketMs) * bucketMs; at <= query.toMs; at += bucketMs) timesMs.push(at);
  const samples = bucketMs === 1000 ? 1 : samplesABucket;
  const hasRuns = options.scenario === 'training' || options.scenario === 'demo';
  const gap = gapSpan(scene);
  return {
    fromMs: query.fromMs,
    toMs: query.toMs,
    bucketSeconds: bucketMs / 1000,
    isReduced: bucketMs > 1000,
    timesMs,
    series: query.series.map(({ key, of, quantity }) => {
      const rows = timesMs.map((end) => {
        const values: number[] = [];
        for (let index = 0; index < samples; index += 1) {
          const value = valueAt(scene, of, { atMs: end - (index * bucketMs) / samples, quantity, options });
          if (value !== null) values.push(value);
        }
        return values.length < samples ? null : values;
      });
      return {
        key,
        min: rows.map((values) => (values === null ? null : Math.min(...values))),
        max: rows.map((values) => (values === null ? null : Math.max(...values))),
        mean: rows.map((values) => (values === null ? null : values.reduce((a, b) => a + b, 0) / values.length)),
      };
    }),
    gaps: [
      { domainId: 'gpu:0', ...gap, reason: 'restart', isBridged: false },
      {
        domainId: 'gpu:5',
        fromMs: scene.startMs - 12 * 60_000,
        toMs: scene.startMs - 9 * 60_000,
        reason: 'lost',
        isBridged: false,
      },
    ],
    runs: hasRuns
      ? [
          {
            id: 'r1',
            name: 'llama3-8b-sft-r3',
            colorIndex: 0,
            fromMs: scene.startMs + runStartMinutes[0] * 60_000,
            toMs: null,
          },
          {
            id: 'r2',
            name: 'vit-l-drop02',
            colorIndex: 1,
            fromMs: scene.startMs + runStartMinutes[1] * 60_000,
            toMs: null,
          },
        ]
      : [],
    alerts: hasRuns
      ? [
          {
            id: 'a0',
            ruleName: 'GPU 3 throttled',
            level: 'warning',
            firedAtMs: scene.startMs - 19 * 60_000,
            clearedAtMs: null,
          },
          { id: 'a1', ruleName: '4.5 kW', level: 'warning', firedAtMs: scene.startMs - 31_000, clearedAtMs: null },
        ]
      : [],
    marks: hasRuns ? [{ runId: 'r1', atMs: scene.startMs - 26 * 60_000, kind: 'epoch', label: 'epoch 2' }] : [],
  };
}

interface ValueInputs {
  readonly atMs: number;
  readonly quantity: HistoryQuery['series'][number]['quantity'];
  readonly options: FakeOptions;
}

function valueAt(scene: Scene, of: SeriesOf, { atMs, quantity, options }: ValueInputs): number | null {
  switch (of.kind) {
    case 'machine':
      return machineWatts(scene, atMs, options);
    case 'unattributed': {
      const watts = machineWatts(scene, atMs, options);
      if (watts === null || options.scenario === 'idle' || options.scenario === 'empty') return watts;
      return watts - (runWatts(scene, 'r1', atMs) ?? 0) - (runWatts(scene, 'r2', atMs) ?? 0);
    }
    case 'run':
      return runWatts(scene, of.runId === 'r1' ? 'r1' : 'r2', atMs);
    case 'run-domain':
    case 'domain': {
      if (of.kind === 'run-domain' && of.runId === 'r2' && atMs < scene.startMs + runStartMinutes[1] * 60_000)
        return null;
      const [kind, index] = of.domainId.split(':');
      if (kind === 'wall' || Number(index) > 7) return null;
      if (kind === 'dram') return quantity === 'powerWatts' ? memoryWattsAt(scene, atMs) : null;
      const isIdle = options.scenario === 'idle';
      return (kind === 'cpu' ? cpuAt(scene, atMs) : gpuAt(scene, isIdle ? 6 : Number(index), atMs))?.[quantity] ?? null;
    }
  }
}
