import { createSqliteStore } from '../../engine/store/sqlite-store.ts';
import type { RunStatus } from '../../shared/model/run.ts';
import { exampleRun, exampleTotals } from '../../tests/examples.ts';

const hourMs = 3600 * 1000;
const names = ['llama3-8b-sft', 'vit-l16-pretrain', 'whisper-small-ft', 'sd3-lora', 'gpt2-tokens', 'resnet50-sweep'];
const projects = ['speech', 'vision', 'language', null];
const statuses: readonly RunStatus[] = ['finished', 'finished', 'finished', 'failed', 'stopped', 'interrupted'];
const devices = ['8 × NVIDIA H100 80GB HBM3, 2 × AMD EPYC 9354, memory', 'NVIDIA GeForce RTX 4090', 'CPU, memory'];

/** A record of so many ended runs, one every hour up to now, that differ in all that the table sorts and filters by. */
export function writeRuns(path: string, count: number): void {
  const nowMs = Date.now();
  const store = createSqliteStore({ path, nowMs });
  const of = <T>(values: readonly T[], index: number): T => values[index % values.length] as T;
  store.putRuns(
    Array.from({ length: count }, (_, index) => {
      // Steps with no common factor, so that no two columns have one order.
      const durationSeconds = 60 + ((index * 7919) % 86_400);
      const totalJoules = durationSeconds * (200 + ((index * 104_729) % 5000));
      const status = of(statuses, index);
      const startedMs = nowMs - (index + 1) * hourMs - durationSeconds * 1000;
      return {
        record: exampleRun({
          id: `run${String(index).padStart(7, '0')}`,
          name: `${of(names, index)}-r${index}`,
          project: of(projects, index),
          tags: { lr: `${1 + (index % 9)}e-4`, precision: index % 2 === 0 ? 'bf16' : 'fp8', seed: String(index % 5) },
          command: ['python', 'train.py', '--config', `configs/${of(names, index)}.yaml`],
          status,
          exitCode: status === 'finished' ? 0 : 1,
          foundBy: index % 3 === 0 ? 'process' : 'command',
          startedMs,
          endedMs: startedMs + durationSeconds * 1000,
          durationSeconds,
          rootPid: null,
          isSimulated: true,
          colorIndex: index % 8,
          price: { pricePerKwh: 0.28, currency: 'EUR' },
        }),
        totals: exampleTotals({
          totalJoules,
          lowJoules: totalJoules * 0.97,
          highJoules: totalJoules * 1.03,
          machineJoules: totalJoules * 1.2,
          coverage: index % 10 === 0 ? 0.9 : 1,
          peakWatts: 5500,
          byProvenance: { counter: totalJoules * 0.9, sensor: totalJoules * 0.1 },
          devices: of(devices, index),
        }),
        domains: new Map(),
      };
    }),
  );
  store.close();
}
