import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { FakeConfig } from '../tests/fakes/nvidia-smi/config.mjs';
import { countProcesses } from './process-cost.ts';

const gpuCount = 8;
/** With the shell that works and the second's `sleep` it waits in: ten processes. */
const workerCount = 8;

export interface Training {
  readonly pid: number;
  readonly workerPids: readonly number[];
}

/** Whatever is begun for a bench and must not outlive it. */
export interface Started {
  readonly children: ChildProcess[];
  close(): Promise<void>;
}

export function createStarted(): Started {
  const children: ChildProcess[] = [];
  return {
    children,
    async close() {
      await Promise.all(
        children.splice(0).map(async (child) => {
          if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
          const ended = once(child, 'exit');
          // SIGTERM: an engine closes its record, a shell ends the processes below it by its trap.
          child.kill('SIGTERM');
          await ended;
        }),
      );
    },
  };
}

/** A run of ten processes: a shell that works a little every second, its short-lived `sleep`, and eight that wait. */
export async function startTraining(started: Started, seconds: number): Promise<Training> {
  const script = [
    "trap 'kill $workers; exit 0' TERM",
    `for i in $(seq ${workerCount}); do sleep ${seconds} & workers="$workers $!"; done`,
    'echo $workers',
    `for i in $(seq ${seconds}); do n=0; while [ $n -lt 3000 ]; do n=$((n+1)); done; sleep 1; done`,
  ].join('\n');
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.children.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { pid: child.pid ?? 0, workerPids: line.trim().split(' ').map(Number) };
}

/** Sleeping processes until the machine has so many; they end by themselves, should the bench be killed. */
export async function fillMachine(started: Started, wanted: number, seconds: number): Promise<number> {
  const missing = Math.max(0, wanted - countProcesses());
  const sleepers = Array.from({ length: missing }, () => spawn('sleep', [String(seconds)], { stdio: 'ignore' }));
  started.children.push(...sleepers);
  await Promise.all(sleepers.map((child) => once(child, 'spawn')));
  return countProcesses();
}

/** Eight GPUs whose power swings, each used by one process of the training. */
export function gpusOf(training: Training): FakeConfig {
  return {
    phaseZeroUnixMs: Date.now(),
    gpus: Array.from({ length: gpuCount }, (_, index) => ({
      uuid: `GPU-5c0ffee0-0000-4000-8000-00000000000${index}`,
      name: 'NVIDIA H100 80GB HBM3',
      busId: `00000000:0${index + 1}:00.0`,
      limitWatts: 700,
      wave: { kind: 'sine', lowWatts: 200, highWatts: 650, periodSeconds: 11 + index, dutyRatio: 0.5 },
      memoryTotalMiB: 81_559,
      memoryUsedMiB: 60_000,
      processes: [
        { pid: training.workerPids[index] ?? training.pid, name: 'python', smPercent: 90, memoryMiB: 60_000 },
      ],
    })),
  };
}
