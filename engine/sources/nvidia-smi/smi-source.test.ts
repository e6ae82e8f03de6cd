import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleContext } from '../../../tests/examples.ts';
import { installFakeNvidiaSmi } from '../../../tests/fakes/install.ts';
import type { FakeConfig } from '../../../tests/fakes/nvidia-smi/config.mjs';
import { systemClock } from '../../clock/clock.ts';
import type { ProbeResult, Source, SourceReading } from '../source.ts';
import { findNvidiaSmi } from './find-nvidia-smi.ts';
import { nvidiaSmiSource } from './smi-source.ts';

const gpus: FakeConfig['gpus'] = [
  {
    uuid: 'GPU-aaaa',
    name: 'NVIDIA A, with a comma',
    busId: '00000000:01:00.0',
    limitWatts: 300,
    wave: { kind: 'constant', highWatts: 200 },
    utilizationPercent: 97,
    memoryTotalMiB: 1024,
    processes: [{ pid: 4242, name: '/usr/bin/python3', memoryMiB: 512 }],
  },
  {
    uuid: 'GPU-bbbb',
    name: 'NVIDIA B',
    busId: '00000000:02:00.0',
    limitWatts: 300,
    wave: { kind: 'constant', highWatts: 100 },
  },
];

let folder: string;
let before: string | undefined;
let source: Source | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wattrun-smi-source-'));
  before = process.env.FAKE_NVIDIA_SMI;
  source = null;
});
afterEach(async () => {
  await source?.close();
  if (before === undefined) delete process.env.FAKE_NVIDIA_SMI;
  else process.env.FAKE_NVIDIA_SMI = before;
  rmSync(folder, { recursive: true, force: true });
});

function probe(config: Partial<FakeConfig>): Promise<ProbeResult> {
  process.env.FAKE_NVIDIA_SMI = JSON.stringify({ gpus, ...config });
  installFakeNvidiaSmi(folder);
  const context = exampleContext(systemClock, { environment: { PATH: folder }, periodSeconds: () => 0.1 });
  return nvidiaSmiSource.probe(context);
}

async function open(config: Partial<FakeConfig> = {}): Promise<Source> {
  const found = await probe(config);
  if (found.kind !== 'available') throw new Error(found.reason);
  source = await found.open();
  return source;
}

/** Reads until a reading is as wanted. */
async function readUntil(from: Source, isWanted: (reading: SourceReading) => boolean): Promise<SourceReading> {
  let found: SourceReading | undefined;
  await expect
    .poll(
      async () => {
        const readings = await from.read(new AbortController().signal);
        found ??= readings.find(isWanted);
        return found !== undefined;
      },
      { timeout: 10_000, interval: 50 },
    )
    .toBe(true);
  if (found === undefined) throw new Error('no such reading');
  return found;
}

const of = (uuid: string) => (reading: SourceReading) => reading.domain.id === `gpu:${uuid}`;

describe('the nvidia-smi stream', () => {
  it('gives each GPU’s values in their units', async () => {
    const reading = await readUntil(await open(), of('GPU-aaaa'));
    expect(reading).toMatchObject({
      // The mean of a second, by power.draw.average.
      powerWatts: 200,
      powerWindowSeconds: 1,
      utilizationRatio: 0.97,
      // 512 and 1024 MiB.
      memoryUsedBytes: 536_870_912,
      memoryTotalBytes: 1_073_741_824,
      temperatureCelsius: 50,
      limitWatts: 300,
      counterJoules: null,
      missing: null,
    });
    expect(reading.domain).toMatchObject({ name: 'NVIDIA A, with a comma', label: 'GPU 0', provenance: 'sensor' });
    expect(Math.abs(systemClock.monotonicMs() - reading.atMs)).toBeLessThan(5000);
  });

  it('takes an instant sample for one where the driver has no average', async () => {
    const faults = [{ kind: 'not-available', field: 'power.draw.average', fromMs: 0 }] as const;
    expect(await readUntil(await open({ faults }), of('GPU-bbbb'))).toMatchObject({
      powerWatts: 100,
      powerWindowSeconds: 0,
    });
  });

  it('names the processes on a GPU once they were asked for', async () => {
    const reading = await readUntil(await open(), (one) => of('GPU-aaaa')(one) && one.processes !== null);
    expect(reading.processes).toEqual([
      { pid: 4242, name: '/usr/bin/python3', memoryUsedBytes: 536_870_912, smRatio: null },
    ]);
    expect(reading.processesAtMs).not.toBeNull();
  });

  it('tells beside a process what a screen’s processes do, and starts nothing for it where none is on', {
    timeout: 30_000,
  }, async () => {
    const processes = [
      { pid: 4242, name: 'python3', smPercent: 60, memoryMiB: 512 },
      { pid: 77, name: 'Xorg', smPercent: 20, memoryMiB: 100, isDrawing: true },
      { pid: 78, name: 'a window', memoryMiB: 100, isDrawing: true },
    ];
    const logFile = join(folder, 'calls');
    const [first, second] = gpus;
    const screens = [
      { ...first, isScreenOn: true, processes },
      { ...second, isScreenOn: false, processes: processes.slice(0, 1) },
    ] as FakeConfig['gpus'];
    const opened = await open({ gpus: screens, logFile });
    const shared = await readUntil(opened, ({ processes: told }) => told?.length === 2);
    expect(shared.processes?.map(({ pid, smRatio, isOffComputeList }) => [pid, smRatio, isOffComputeList])).toEqual([
      [4242, 0.6, undefined],
      [77, 0.2, true],
    ]);
    await source?.close();
    rmSync(logFile);
    const alone = await open({ gpus: screens.map((gpu) => ({ ...gpu, isScreenOn: false })), logFile });
    await readUntil(alone, ({ processes: told }) => told?.length === 1);
    expect(readFileSync(logFile, 'utf8')).not.toContain('pmon');
  });

  it('has no power, not 0 W, of a GPU that does not tell it', async () => {
    const faults = ['power.draw', 'power.draw.average', 'power.draw.instant'].map((field) => ({
      kind: 'not-available' as const,
      field,
      uuid: 'GPU-bbbb',
      fromMs: 0,
    }));
    expect(await readUntil(await open({ faults }), of('GPU-bbbb'))).toMatchObject({ powerWatts: null, missing: null });
  });

  it('says of a GPU that it is lost, and goes on with the others', async () => {
    const opened = await open({ faults: [{ kind: 'lost-gpu', uuid: 'GPU-bbbb', fromMs: 0, style: 'cells' }] });
    const reading = await readUntil(opened, of('GPU-bbbb'));
    expect(reading.missing).toMatchObject({ reason: 'lost', note: expect.stringContaining('GPU is lost') });
    expect(await readUntil(opened, of('GPU-aaaa'))).toMatchObject({ powerWatts: 200, missing: null });
  });

  it('says so of a GPU whose row stays away while others come', async () => {
    const opened = await open({
      phaseZeroUnixMs: Date.now(),
      // Late enough for the first rows to have come, however slowly the tool begins.
      faults: [{ kind: 'lost-gpu', uuid: 'GPU-bbbb', fromMs: 4000, style: 'row' }],
    });
    await readUntil(opened, (reading) => of('GPU-bbbb')(reading) && reading.powerWatts === 100);
    // A row may be three seconds late before that is said.
    const reading = await readUntil(opened, (one) => of('GPU-bbbb')(one) && one.missing !== null);
    expect(reading.missing?.reason).toBe('lost');
  });
});

describe('looking for it', () => {
  it('says what the tool said where the driver is gone', async () => {
    const found = await probe({ faults: [{ kind: 'exit', atMs: 0, toMs: 1e15, code: 9 }] });
    expect(found).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining("couldn't communicate with the NVIDIA driver"),
    });
  });

  it('says what the tool said where there is no GPU', async () => {
    expect(await probe({ gpus: [] })).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('No devices were found'),
    });
  });

  it('finds a tool whose stream writes only when its buffer is full', { timeout: 30_000 }, async () => {
    const path = join(folder, 'nvidia-smi');
    writeFileSync(
      path,
      '#!/bin/sh\ncase "$*" in *-lms*) exec sleep 60;; *query-gpu=uuid*) echo GPU-aaaa;; *) exit 1;; esac\n',
    );
    chmodSync(path, 0o755);
    const environment = { PATH: `${folder}${delimiter}/usr/bin${delimiter}/bin` };
    const found = await nvidiaSmiSource.probe(exampleContext(systemClock, { environment }));
    expect(found.kind).toBe('available');
    if (found.kind === 'available') source = await found.open();
    expect(source?.domains()).toEqual([]);
  });

  it('takes the first on PATH that can be run', () => {
    const [none, unusable, first, second] = ['none', 'unusable', 'first', 'second'].map((name) =>
      join(folder, name),
    ) as [string, string, string, string];
    for (const place of [unusable, first, second]) {
      mkdirSync(place);
      writeFileSync(join(place, 'nvidia-smi'), '');
      chmodSync(join(place, 'nvidia-smi'), place === unusable ? 0o644 : 0o755);
    }
    const path = [none, '', unusable, first, second].join(delimiter);
    expect(findNvidiaSmi({ PATH: path }, 'linux')).toBe(join(first, 'nvidia-smi'));
    expect(findNvidiaSmi({ PATH: none }, 'darwin')).toBeNull();
    expect(findNvidiaSmi({}, 'darwin')).toBeNull();
  });
});
