import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bytesFromMebibytes } from '../shared/units.ts';
import type { Cost, Work } from './measured-process.ts';
import type { Report } from './report.ts';

const works: readonly Work[] = ['empty loop', 'engine', 'engine and one page'];
const names: Readonly<Record<Work, string>> = {
  'empty loop': 'an empty Node loop (timer at 1 Hz)',
  engine: 'engine, headless',
  'engine and one page': 'engine and server, one page connected',
};
const warmUpSeconds = 10;

async function askCost(child: ChildProcess): Promise<Cost> {
  const answer = once(child, 'message');
  child.send('cost');
  return (await answer)[0] as Cost;
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

interface Measured {
  readonly cpuSecondsPerMinute: number;
  readonly residentBytes: number;
  readonly recordBytes: number | null;
}

async function measure(work: Work, folder: string, seconds: number): Promise<Measured> {
  const path = join(folder, `${work.replaceAll(' ', '-')}.db`);
  const child = fork(join(import.meta.dirname, 'measured-process.ts'), [work, path]);
  try {
    await once(child, 'message');
    await delay(warmUpSeconds * 1000);
    const before = { cost: await askCost(child), atMs: performance.now() };
    await delay(seconds * 1000);
    const after = { cost: await askCost(child), atMs: performance.now() };
    const cpuSeconds = (cost: Cost): number => cost.cpuSeconds + cost.childrenCpuSeconds;
    return {
      cpuSecondsPerMinute: ((cpuSeconds(after.cost) - cpuSeconds(before.cost)) * 60_000) / (after.atMs - before.atMs),
      residentBytes: after.cost.residentBytes,
      recordBytes: work === 'empty loop' ? null : sizeOf(path) + sizeOf(`${path}-wal`),
    };
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

/** What measuring costs: CPU and memory of the engine, beside those of a Node that does nothing, at the same time. */
export async function benchEngineCost(seconds: number): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'wattrun-bench-'));
  try {
    const measured = await Promise.all(works.map((work) => measure(work, folder, seconds)));
    const base = measured[0];
    const ratio = (value: number, of: number | undefined): string =>
      of === undefined || of === 0 ? '' : ` (${(value / of).toFixed(1)} ×)`;
    return {
      title: `Cost of sampling at 1 Hz: 8 GPUs, 2 CPU packages, memory, 2 runs, over ${seconds} s`,
      columns: ['CPU seconds a minute', 'of one core', 'resident memory', 'record with its log'],
      rows: works.map((work, index) => {
        const { cpuSecondsPerMinute = 0, residentBytes = 0, recordBytes = null } = measured[index] ?? {};
        const mebibytes = residentBytes / bytesFromMebibytes(1);
        return {
          what: names[work],
          cells: [
            `${cpuSecondsPerMinute.toFixed(3)}${index === 0 ? '' : ratio(cpuSecondsPerMinute, base?.cpuSecondsPerMinute)}`,
            `${((cpuSecondsPerMinute / 60) * 100).toFixed(2)} %`,
            `${mebibytes.toFixed(0)} MiB${index === 0 ? '' : ratio(residentBytes, base?.residentBytes)}`,
            recordBytes === null ? '–' : `${(recordBytes / 1000).toFixed(0)} kB`,
          ],
        };
      }),
      notes: [
        `The sources are simulated: what a driver costs comes on top. All three ran at once, after ${warmUpSeconds} s of warming up.`,
        'From the sources, through Node’s own type stripping; children’s CPU time is counted in.',
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
