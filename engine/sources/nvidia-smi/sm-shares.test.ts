import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installFakeNvidiaSmi } from '../../../tests/fakes/install.ts';
import type { FakeConfig } from '../../../tests/fakes/nvidia-smi/config.mjs';
import { systemClock } from '../../clock/clock.ts';
import { createSmShares, type SmShares } from './sm-shares.ts';

let folder: string;
let shares: SmShares;
let before: string | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wattrun-sm-shares-'));
  before = process.env.FAKE_NVIDIA_SMI;
});
afterEach(() => {
  shares.close();
  if (before === undefined) delete process.env.FAKE_NVIDIA_SMI;
  else process.env.FAKE_NVIDIA_SMI = before;
  rmSync(folder, { recursive: true, force: true });
});

const gpuAt = (index: number): FakeConfig['gpus'][number] => ({
  uuid: `GPU-${index}`,
  name: 'NVIDIA Test',
  busId: `00000000:0${index}:00.0`,
  limitWatts: 300,
  wave: { kind: 'constant', highWatts: 200 },
  processes: [
    { pid: 100 + index, name: 'python3', smPercent: 60 },
    { pid: 200 + index, name: 'python3', smPercent: 20 },
    { pid: 300 + index, name: 'Xorg', smPercent: 10, isDrawing: true },
    { pid: 400 + index, name: 'a window', isDrawing: true },
  ],
});

function create(config: Partial<FakeConfig> = {}): string {
  const logFile = join(folder, 'calls');
  process.env.FAKE_NVIDIA_SMI = JSON.stringify({
    gpus: Array.from({ length: 10 }, (_, i) => gpuAt(i)),
    logFile,
    ...config,
  });
  installFakeNvidiaSmi(folder);
  shares = createSmShares({ path: join(folder, 'nvidia-smi'), clock: systemClock, log: () => {} });
  return logFile;
}

describe('SM shares by pmon', () => {
  it('are there once they are ready, of any GPU that is shared: the tool follows four at a time', async () => {
    create();
    shares.setWanted([1]);
    shares.setWanted([1, 4, 5, 6, 9]);
    await shares.ready();
    for (const index of [1, 4, 5, 6, 9]) {
      expect(shares.smRatioOf(index, 100 + index), `GPU ${index}`).toBe(0.6);
      expect(shares.smRatioOf(index, 200 + index)).toBe(0.2);
    }
    expect(shares.smRatioOf(7, 107)).toBeNull();
    expect([...shares.othersOn(4, new Set([104, 204]))]).toEqual([[304, 0.1]]);
    expect([...shares.othersOn(7, new Set())]).toEqual([]);
  });

  it('name no GPU where the first four are enough, and start nothing twice', async () => {
    const logFile = create();
    shares.setWanted([0]);
    shares.setWanted([0]);
    await shares.ready();
    const calls = readFileSync(logFile, 'utf8').trim().split('\n');
    expect(calls.map((line) => JSON.parse(line).argv)).toEqual([['pmon', '-s', 'u', '-d', '1']]);
  });

  it('are not known, and not waited for long, where the driver tells none', { timeout: 10_000 }, async () => {
    create({ gpus: [{ ...gpuAt(0), mig: 'on' }] });
    shares.setWanted([0]);
    const startedMs = performance.now();
    await shares.ready();
    expect(performance.now() - startedMs).toBeLessThan(6000);
    expect(shares.smRatioOf(0, 100)).toBeNull();
  });
});
