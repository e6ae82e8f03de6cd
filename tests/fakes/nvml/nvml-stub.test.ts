import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { afterAll, describe, expect, it } from 'vitest';
import type { FakeConfig } from '../nvidia-smi/config.mjs';
import { buildNvmlStub, type NvmlExtras, renderNvmlConfig } from './build.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nvml-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const stub = buildNvmlStub(scratch);
const skipReason = 'skipped' in stub ? stub.skipped : null;
if (skipReason !== null) console.warn(`NVML stub not tested: ${skipReason}`);

const gpu = {
  uuid: 'GPU-aaaaaaaa-0000-0000-0000-000000000000',
  name: 'NVIDIA Fake A',
  busId: '00000000:01:00.0',
  limitWatts: 350,
  wave: { kind: 'constant', highWatts: 250 },
  processes: [{ pid: 4242, name: 'python3', smPercent: 97, memoryMiB: 2048 }],
} as const;
const other = { ...gpu, uuid: 'GPU-bbbbbbbb-0000-0000-0000-000000000000', busId: '00000000:02:00.0' };

/** nvmlFieldValue_t: two 4-byte ids, two 8-byte times, 4-byte type and result, 8-byte value: 40 bytes. */
const FIELD_VALUE_BYTES = 40;

function openStub(path: string) {
  const library = koffi.load(path);
  const setenv = koffi.load('libc.so.6').func('int setenv(const char *name, const char *value, int overwrite)');
  const getHandle = library.func('int nvmlDeviceGetHandleByIndex_v2(unsigned int index, _Out_ void **device)');
  return {
    library,
    start(config: FakeConfig, extras?: NvmlExtras): number {
      const file = join(scratch, 'stub.conf');
      writeFileSync(file, renderNvmlConfig(config, extras));
      // In a worker thread process.env is a copy that C never sees.
      setenv('NVML_STUB_CONFIG', file, 1);
      return library.func('int nvmlInit_v2()')();
    },
    stop: (): number => library.func('int nvmlShutdown()')(),
    handle(index: number): unknown {
      const out = [null];
      expect(getHandle(index, out)).toBe(0);
      return out[0];
    },
    readUint(symbol: string, device: unknown): readonly [result: number, value: number] {
      const out = [0];
      const result = library.func(`int ${symbol}(void *device, _Out_ unsigned int *value)`)(device, out);
      return [result, out[0]!];
    },
    readCounterMillijoules(device: unknown): number {
      const out = [0];
      const read = library.func('int nvmlDeviceGetTotalEnergyConsumption(void *device, _Out_ uint64_t *energy)');
      expect(read(device, out)).toBe(0);
      return Number(out[0]);
    },
    readField(device: unknown, fieldId: number): readonly [result: number, value: bigint] {
      const bytes = Buffer.alloc(FIELD_VALUE_BYTES);
      bytes.writeUInt32LE(fieldId, 0);
      const read = library.func('int nvmlDeviceGetFieldValues(void *device, int count, void *values)');
      expect(read(device, 1, bytes)).toBe(0);
      return [bytes.readInt32LE(28), bytes.readBigUInt64LE(32)];
    },
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

describe.skipIf(skipReason !== null)('NVML stub', () => {
  const nvml = openStub('path' in stub ? stub.path : '');

  it('answers 1 before it is initialised', () => {
    expect(nvml.library.func('int nvmlDeviceGetCount_v2(_Out_ unsigned int *count)')([0])).toBe(1);
  });

  it('gives power in milliwatts by every way that the driver has', () => {
    expect(nvml.start({ gpus: [gpu] })).toBe(0);
    const device = nvml.handle(0);
    expect(nvml.readUint('nvmlDeviceGetPowerUsage', device)).toEqual([0, 250_000]);
    expect(nvml.readUint('nvmlDeviceGetEnforcedPowerLimit', device)).toEqual([0, 350_000]);
    expect(nvml.readField(device, 185)).toEqual([0, 250_000n]);
    expect(nvml.readField(device, 186)).toEqual([0, 250_000n]);
    expect(nvml.readField(device, 191)[0]).toBe(3);
    nvml.stop();
  });

  it('counts exact energy in steps of its update period', async () => {
    nvml.start(
      { gpus: [gpu], phaseZeroUnixMs: Date.now() },
      { gpus: { [gpu.uuid]: { counterStartMillijoules: 1234 } } },
    );
    const device = nvml.handle(0);
    await pause(130);
    const counter = nvml.readCounterMillijoules(device) - 1234;
    // 250 W for 20 ms are 5,000 mJ a step; at least six steps (120 ms) have passed.
    expect(counter % 5000).toBe(0);
    expect(counter).toBeGreaterThanOrEqual(30_000);
    nvml.stop();
  });

  it('gives the exact integral of a wave that does not stand still', () => {
    // P(t) = t watts: E(t) = t^2 / 2 joules. Phase zero lies 100 s back, steps are 1 s: 5,000 J + (0 or 1) s more.
    const ramp = { ...gpu, wave: { kind: 'ramp', lowWatts: 0, highWatts: 1000, periodSeconds: 1000 } } as const;
    const config = { gpus: [ramp], phaseZeroUnixMs: Date.now() - 100_000 };
    nvml.start(config, { gpus: { [gpu.uuid]: { counterUpdateMs: 1000 } } });
    expect([5_000_000, 5_100_500]).toContain(nvml.readCounterMillijoules(nvml.handle(0)));
    nvml.stop();
  });

  it('starts its counter again at a reset', () => {
    // The reset was 2 s ago at 250 W with steps of 1 s: 500 J or, if a second has just turned, 750 J.
    const config = { gpus: [gpu], phaseZeroUnixMs: Date.now() - 10_000 };
    nvml.start(config, { gpus: { [gpu.uuid]: { counterUpdateMs: 1000, counterResetMs: 8000 } } });
    expect([500_000, 750_000]).toContain(nvml.readCounterMillijoules(nvml.handle(0)));
    nvml.stop();
  });

  it('loses one GPU and keeps the other', () => {
    const phaseZeroUnixMs = Date.now() - 1000;
    nvml.start({ gpus: [gpu, other], phaseZeroUnixMs, faults: [{ kind: 'lost-gpu', uuid: other.uuid, fromMs: 0 }] });
    const getHandle = nvml.library.func('int nvmlDeviceGetHandleByIndex_v2(unsigned int index, _Out_ void **device)');
    expect(getHandle(1, [null])).toBe(15);
    expect(nvml.readUint('nvmlDeviceGetPowerUsage', nvml.handle(0))).toEqual([0, 250_000]);
    nvml.stop();
  });

  it('hangs in a call until the span is over', () => {
    const phaseZeroUnixMs = Date.now();
    nvml.start({ gpus: [gpu], phaseZeroUnixMs, faults: [{ kind: 'hang', fromMs: 0, toMs: 300 }] });
    expect(Date.now() - phaseZeroUnixMs).toBeGreaterThanOrEqual(299);
    nvml.stop();
  });

  it('lists processes, their share and what it does not support', () => {
    nvml.start({ gpus: [gpu] }, { notSupported: ['nvmlDeviceGetPowerUsage', 'field:185'] });
    const device = nvml.handle(0);
    expect(nvml.readUint('nvmlDeviceGetPowerUsage', device)[0]).toBe(3);
    expect(nvml.readField(device, 185)[0]).toBe(3);
    // nvmlProcessInfo_v2_t is 24 bytes: pid, (4 empty), memory at 8. The utilisation sample is 32: SM share at 16.
    const infos = Buffer.alloc(24 * 4);
    const count = [4];
    const list = nvml.library.func(
      'int nvmlDeviceGetComputeRunningProcesses_v2(void *device, _Inout_ unsigned int *count, void *infos)',
    );
    expect(list(device, count, infos)).toBe(0);
    expect([count[0], infos.readUInt32LE(0), infos.readBigUInt64LE(8)]).toEqual([1, 4242, 2048n * 1024n * 1024n]);
    const samples = Buffer.alloc(32 * 4);
    const share = nvml.library.func(
      'int nvmlDeviceGetProcessUtilization(void *device, void *samples, _Inout_ unsigned int *count, uint64_t lastSeen)',
    );
    expect(share(device, samples, [4], 0)).toBe(0);
    expect([samples.readUInt32LE(0), samples.readUInt32LE(16)]).toEqual([4242, 97]);
    // Nobody has newer samples than a caller from the future has seen.
    expect(share(device, samples, [4], 2n ** 62n)).toBe(6);
    nvml.stop();
  });

  it('logs its calls and can fail to start', () => {
    const logFile = join(scratch, 'calls.log');
    const phaseZeroUnixMs = Date.now() - 1000;
    expect(
      nvml.start({ gpus: [gpu], phaseZeroUnixMs }, { logFile, initFails: [{ fromMs: 0, toMs: 60_000, code: 9 }] }),
    ).toBe(9);
    expect(nvml.start({ gpus: [gpu] }, { logFile })).toBe(0);
    nvml.readUint('nvmlDeviceGetPowerUsage', nvml.handle(0));
    nvml.stop();
    const symbols = readFileSync(logFile, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ').slice(1).join(' '));
    expect(symbols).toEqual([
      'nvmlInit_v2 -1',
      'nvmlInit_v2 -1',
      'nvmlDeviceGetHandleByIndex_v2 -1',
      'nvmlDeviceGetPowerUsage 0',
      'nvmlShutdown -1',
    ]);
  });

  it('can be built as an old driver that lacks symbols', () => {
    const old = buildNvmlStub(join(scratch, 'old'), ['nvmlDeviceGetTotalEnergyConsumption']);
    const library = koffi.load('path' in old ? old.path : '');
    expect(() => library.func('int nvmlDeviceGetTotalEnergyConsumption(void *device, void *energy)')).toThrow();
    expect(() => library.func('int nvmlDeviceGetPowerUsage(void *device, void *power)')).not.toThrow();
  });
});
