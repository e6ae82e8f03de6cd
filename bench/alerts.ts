// `npm run bench:alerts [-- --seconds N]`: what 1,000 rules over 8 GPUs cost at 1 Hz.
import { parseArgs } from 'node:util';
import { createAlertBook } from '../engine/alerts/alert-book.ts';
import { ruleDefinitions } from '../engine/alerts/registry.ts';
import { type AlertSample, sampleAt } from '../engine/alerts/rule.ts';
import { createSqliteStore } from '../engine/store/sqlite-store.ts';
import { median, type Report, renderReport } from './report.ts';

const ruleCount = 1000;
const gpuCount = 8;
const gpuKinds = ruleDefinitions.filter(({ descriptor }) => descriptor.scopes.includes('any-gpu'));

/** GPUs at work whose values cross the rules' limits now and then. */
function gpuSample(atMs: number, gpu: number): AlertSample {
  const wave = Math.sin(atMs / 40_000 + gpu);
  return sampleAt(atMs, {
    powerWatts: 500 + 220 * wave,
    limitWatts: 700,
    temperatureCelsius: 78 + 10 * wave,
    memoryUsedBytes: 75e9,
    memoryTotalBytes: 80e9,
    utilizationRatio: 0.9,
    throttleReasons: [],
    heldBytes: 75e9,
    presence: 'read',
    silentSeconds: 0,
  });
}

/** Every GPU rule there is, in turn, each over all GPUs: a second of samples costs so many milliseconds of one core. */
export function benchAlerts(seconds: number): Report {
  const startMs = 1_800_000_000_000;
  let second = 0;
  let fired = 0;
  const store = createSqliteStore({ path: ':memory:', nowMs: startMs });
  const book = createAlertBook({
    store,
    labelOf: (target) => target,
    unixMs: () => startMs + second * 1000,
    onFired: () => fired++,
    onCleared: () => undefined,
    onChanged: () => undefined,
  });
  for (let i = 0; i < ruleCount; i++) {
    const kind = gpuKinds[i % gpuKinds.length]?.descriptor.kind ?? '';
    book.putRule({
      kind,
      name: `${kind} ${i}`,
      scope: { kind: 'any-gpu' },
      params: {},
      level: 'note',
      isEnabled: true,
    });
  }
  const costs: number[] = [];
  for (second = 1; second <= seconds; second++) {
    const atMs = second * 1000;
    const samples = new Map<string, AlertSample>([['machine', sampleAt(atMs, { powerWatts: 5000 })]]);
    for (let gpu = 0; gpu < gpuCount; gpu++) samples.set(`gpu:${gpu}`, gpuSample(atMs, gpu));
    const tick = {
      monotonicMs: atMs,
      unixMs: startMs + atMs,
      samples,
      projectOf: () => null,
      labelOf: () => null,
      runIdsOf: () => [],
    };
    const before = process.cpuUsage();
    book.step(tick);
    const used = process.cpuUsage(before);
    costs.push((used.user + used.system) / 1000);
  }
  store.close();
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  const worst = Math.max(...costs.slice(1));
  return {
    title: `${ruleCount} rules × ${gpuCount} GPUs at 1 Hz`,
    columns: ['median', 'mean', 'worst second', 'share of a core'],
    rows: [
      {
        what: 'CPU time a second',
        cells: [
          `${median(costs).toFixed(1)} ms`,
          `${(total / costs.length).toFixed(1)} ms`,
          `${worst.toFixed(0)} ms`,
          `${(total / costs.length / 10).toFixed(2)} %`,
        ],
      },
    ],
    notes: [
      `${seconds} seconds of made-up samples, as fast as they go; ${fired} alerts fired and were written to a database in memory, in the worst seconds hundreds at once.`,
      `Kinds in turn: ${gpuKinds.map(({ descriptor }) => descriptor.kind).join(', ')}.`,
    ],
  };
}

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '600' } } });
console.log(renderReport(benchAlerts(Number(values.seconds))));
