import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleContext } from '../../../tests/examples.ts';
import { installFakeNvidiaSmi } from '../../../tests/fakes/install.ts';
import type { FakeConfig } from '../../../tests/fakes/nvidia-smi/config.mjs';
import { systemClock } from '../../clock/clock.ts';
import { parseTimestamp } from './parse-rows.ts';
import { createProcessList, type ProcessList } from './process-list.ts';
import { createProcessStream, type ProcessStream } from './process-stream.ts';

const soon = { timeout: 15_000, interval: 50 };
const periodMs = 400;

let folder: string;
let before: string | undefined;
let stream: ProcessStream | null;
let list: ProcessList | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wattrun-process-stream-'));
  before = process.env.FAKE_NVIDIA_SMI;
  [stream, list] = [null, null];
});
afterEach(() => {
  stream?.close();
  list?.close();
  if (before === undefined) delete process.env.FAKE_NVIDIA_SMI;
  else process.env.FAKE_NVIDIA_SMI = before;
  rmSync(folder, { recursive: true, force: true });
});

const path = (): string => join(folder, 'nvidia-smi');
const context = exampleContext(systemClock);
const rowTimeMs = (timestamp: string, arrivedAtMs: number): number => {
  const unixMs = parseTimestamp(timestamp);
  return unixMs === null ? arrivedAtMs : context.timeline.monotonicFromUnix(unixMs);
};

const gpu = (index: number, processes: FakeConfig['gpus'][number]['processes']): FakeConfig['gpus'][number] => ({
  uuid: `GPU-${index}`,
  name: 'NVIDIA Test',
  busId: `00000000:0${index}:00.0`,
  limitWatts: 300,
  wave: { kind: 'constant', highWatts: 200 },
  processes: processes ?? [],
});

/** The fake tool; gives the arguments of every call up to now. */
function installFake(config: Partial<FakeConfig>): () => readonly string[] {
  const logFile = join(folder, 'calls');
  process.env.FAKE_NVIDIA_SMI = JSON.stringify({ gpus: [], logFile, ...config });
  installFakeNvidiaSmi(folder);
  return () =>
    readFileSync(logFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).argv.join(' '));
}

/** A tool of a few lines of shell. */
function installScript(script: string): void {
  writeFileSync(path(), `#!/bin/sh\n${script}\n`);
  chmodSync(path(), 0o755);
}

const openStream = (): ProcessStream => {
  stream = createProcessStream({ path: path(), clock: systemClock, periodMs, rowTimeMs, log: () => {} });
  return stream;
};
const openList = (): ProcessList => {
  const shares = {
    setWanted: () => {},
    ready: () => Promise.resolve(),
    smRatioOf: () => null,
    othersOn: () => new Map(),
    forget: () => {},
    renew: () => {},
    close: () => {},
  };
  list = createProcessList({
    path: path(),
    context,
    shares,
    indexOf: () => 0,
    isScreenOn: () => false,
    rowTimeMs,
    periodMs,
  });
  return list;
};

describe('lists of processes by a stream', { timeout: 40_000 }, () => {
  it('are whole, one for each look of the tool', async () => {
    installFake({
      gpus: [gpu(0, [{ pid: 10, name: 'python3', memoryMiB: 5 }]), gpu(1, [{ pid: 11, name: 'a, b', memoryMiB: 6 }])],
    });
    const told = openStream();
    await expect.poll(() => told.state(), soon).toBe('telling');
    const first = told.take();
    expect(first?.apps).toEqual([
      { gpuUuid: 'GPU-0', pid: 10, usedMebibytes: 5, name: 'python3' },
      { gpuUuid: 'GPU-1', pid: 11, usedMebibytes: 6, name: 'a, b' },
    ]);
    await expect.poll(() => (told.take()?.atMs ?? 0) - (first?.atMs ?? 0), soon).toBeGreaterThanOrEqual(periodMs * 0.9);
  });

  it('fall silent where the last process is gone, and are not believed before they have told two', async () => {
    const phaseZeroUnixMs = Date.now();
    installFake({ phaseZeroUnixMs, gpus: [gpu(0, [{ pid: 10, name: 'python3', toMs: 5000 }])] });
    const told = openStream();
    expect(told.state()).toBe('unknown');
    await expect.poll(() => told.state(), soon).toBe('telling');
    await expect.poll(() => told.state(), soon).toBe('silent');
    expect(Date.now() - phaseZeroUnixMs).toBeGreaterThan(5000);
  });

  it.skipIf(process.platform === 'win32')('are over where the tool prints one and ends', async () => {
    installScript('echo "2026/01/01 00:00:00.000, GPU-0, 10, 5, python3"');
    const told = openStream();
    await expect.poll(() => told.state(), soon).toBe('over');
    expect(told.take()?.apps).toHaveLength(1);
  });

  it.skipIf(process.platform === 'win32').each([
    [
      'held back for longer than a list stands',
      '$(date -d "-3 seconds" "+%Y/%m/%d %H:%M:%S.%3N"), GPU-0, 10, 5, python3',
    ],
    ['not to be seen by this user', '$(date "+%Y/%m/%d %H:%M:%S.%3N"), GPU-0, 10, 5, [Insufficient Permissions]'],
    ['something else', 'GPU-0, 200.1 W'],
  ])('are never believed where they are %s', async (_, row) => {
    installScript(`while :; do echo "${row}"; sleep 0.4; done`);
    const told = openStream();
    const states = new Set<string>();
    for (let i = 0; i < 60; i++) {
      states.add(told.state());
      await systemClock.sleep(50);
    }
    expect([...states]).toEqual(['unknown']);
  });
});

describe('the list of processes', { timeout: 40_000 }, () => {
  const asks = (calls: () => readonly string[]): number =>
    calls().filter((argv) => argv.includes('--query-compute-apps') && !argv.includes('-lms')).length;

  it('is asked for until the stream tells it, and not after', async () => {
    const calls = installFake({ gpus: [gpu(0, [{ pid: 10, name: 'python3', memoryMiB: 5 }])] });
    const { of, atMs, refresh } = openList();
    const pids = (): readonly number[] | undefined => {
      refresh();
      return of('GPU-0')?.map(({ pid }) => pid);
    };
    await expect.poll(pids, soon).toEqual([10]);
    // Until the stream has told two lists, in step with its period.
    for (let i = 0; i < 30; i++) {
      refresh();
      await systemClock.sleep(100);
    }
    const asked = asks(calls);
    const listedAtMs = atMs() ?? 0;
    for (let i = 0; i < 20; i++) {
      refresh();
      await systemClock.sleep(100);
    }
    expect(asks(calls)).toBe(asked);
    expect((atMs() ?? 0) - listedAtMs).toBeGreaterThan(1000);
    expect(pids()).toEqual([10]);
  });

  it('is empty soon after the last process is gone, and has the next one soon after it came', async () => {
    const phaseZeroUnixMs = Date.now();
    installFake({
      phaseZeroUnixMs,
      gpus: [
        gpu(0, [
          { pid: 10, name: 'python3', toMs: 4000 },
          { pid: 12, name: 'python3', fromMs: 7000 },
        ]),
      ],
    });
    const { of, refresh } = openList();
    const changes: { readonly pids: string; readonly atMs: number }[] = [];
    while (Date.now() - phaseZeroUnixMs < 10_000) {
      refresh();
      const pids =
        of('GPU-0')
          ?.map(({ pid }) => pid)
          .join() ?? 'unknown';
      if (changes.at(-1)?.pids !== pids) changes.push({ pids, atMs: Date.now() - phaseZeroUnixMs });
      await systemClock.sleep(100);
    }
    expect(changes.map(({ pids }) => pids)).toEqual(['unknown', '10', '', '12']);
    expect(changes[2]?.atMs).toBeGreaterThan(4000);
    expect(changes[3]?.atMs).toBeGreaterThan(7000);
  });

  it.skipIf(process.platform === 'win32')('is asked for all the time where the tool knows no loop for it', async () => {
    const calls = join(folder, 'calls');
    installScript(
      `echo "$*" >> ${calls}\ncase "$*" in *timestamp*) echo "$(date "+%Y/%m/%d %H:%M:%S.%3N"), GPU-0, 10, 5, a";; *) echo "GPU-0, 10, 5, a";; esac`,
    );
    const { of, refresh } = openList();
    for (let i = 0; i < 30; i++) {
      refresh();
      await systemClock.sleep(100);
    }
    const lines = readFileSync(calls, 'utf8').trim().split('\n');
    expect(lines.filter((line) => line.includes('-lms'))).toHaveLength(1);
    expect(lines.length).toBeGreaterThanOrEqual(4);
    expect(of('GPU-0')?.map(({ pid }) => pid)).toEqual([10]);
  });
});
