import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileTree, writeFileTree } from '../../../tests/fakes/file-tree.ts';
import { listGpuDevices } from './gpu-devices.ts';
import { findSleepingGpus, isAsleep, readRuntimePower, runtimePowerState } from './runtime-power.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wattrun-power-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const pciDevice = (busId: string, files: Readonly<Record<string, string>>): FileTree =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`bus/pci/devices/${busId}/${name}`, `${text}\n`]));

const laptop = (): FileTree => ({
  ...pciDevice('0000:01:00.0', {
    vendor: '0x10de',
    device: '0x2684',
    class: '0x030000',
    'power/runtime_status': 'suspended',
    'power/control': 'auto',
    'power/autosuspend_delay_ms': '5000',
    d3cold_allowed: '1',
  }),
  ...pciDevice('0000:01:00.1', {
    vendor: '0x10de',
    device: '0x22ba',
    class: '0x040300',
    'power/runtime_status': 'suspended',
  }),
  ...pciDevice('0000:64:00.0', {
    vendor: '0x1002',
    device: '0x15bf',
    class: '0x030000',
    'power/runtime_status': 'active',
  }),
  ...pciDevice('0000:00:02.0', {
    vendor: '0x8086',
    device: '0x46a6',
    class: '0x030000',
    'power/runtime_status': 'suspending',
  }),
});

describe('findSleepingGpus', () => {
  it("names the sleeping GPU of a vendor; not its sound device, nor another vendor's", async () => {
    writeFileTree(root, laptop());
    expect(await findSleepingGpus(root, 'nvidia')).toEqual(['0000:01:00.0']);
    expect(await findSleepingGpus(root, 'amd')).toEqual([]);
    // On its way to sleep counts: a read would hold it up.
    expect(await findSleepingGpus(root, 'intel')).toEqual(['0000:00:02.0']);
  });

  it('finds none where there is no PCI bus', async () => expect(await findSleepingGpus(root, 'nvidia')).toEqual([]));
});

describe('listGpuDevices', () => {
  it('lists display devices of all sorts, and accelerators of AMD alone', async () => {
    writeFileTree(root, {
      ...pciDevice('0000:01:00.0', { vendor: '0x10de', device: '0x20b0', class: '0x030200' }),
      ...pciDevice('0000:02:00.0', { vendor: '0x1002', device: '0x74a1', class: '0x120000' }),
      ...pciDevice('0000:03:00.0', { vendor: '0x1002', device: '0x740f', class: '0x038000' }),
      // Gaudi: an accelerator, no GPU.
      ...pciDevice('0000:04:00.0', { vendor: '0x8086', device: '0x1020', class: '0x120000' }),
      ...pciDevice('0000:05:00.0', { vendor: '0x10de', device: '0x1234' }),
      'bus/pci/devices/not-an-address/vendor': '0x10de\n',
    });
    expect(await listGpuDevices(root, 'nvidia')).toEqual([
      { busId: '0000:01:00.0', deviceId: '20b0', classCode: '030200' },
    ]);
    expect((await listGpuDevices(root, 'amd')).map((device) => device.busId)).toEqual(['0000:02:00.0', '0000:03:00.0']);
    expect(await listGpuDevices(root, 'intel')).toEqual([]);
  });
});

describe('runtimePowerState', () => {
  it('takes the address as NVIDIA writes it', async () => {
    writeFileTree(root, laptop());
    expect(await runtimePowerState(root, '00000000:01:00.0')).toBe('suspended');
    expect(await runtimePowerState(root, '00000000:64:00.0')).toBe('active');
  });

  it.each(['N/A', '0000:09:00.0', '../../../../etc'])('knows nothing of %s', async (busId) => {
    writeFileTree(root, laptop());
    expect(await runtimePowerState(root, busId)).toBe('unknown');
  });

  it.each([
    ['suspended', 'suspended', true],
    ['suspending', 'suspending', true],
    ['active', 'active', false],
    // Somebody else wakes it already.
    ['resuming', 'active', false],
    // Power management is off for this device: it is powered.
    ['unsupported', 'unknown', false],
    ['error', 'unknown', false],
    ['', 'unknown', false],
  ] as const)('takes runtime_status %j for %s', async (status, state, asleep) => {
    writeFileTree(root, { 'device/power/runtime_status': `${status}\n` });
    const power = await readRuntimePower(join(root, 'device'));
    expect(power.state).toBe(state);
    expect(isAsleep(power.state)).toBe(asleep);
  });

  it.each([
    ['D0', 'active'],
    ['D3hot', 'suspended'],
    ['D3cold', 'suspended'],
    ['unknown', 'unknown'],
  ] as const)('reads power_state %s where there is no runtime_status', async (pciState, state) => {
    writeFileTree(root, { 'device/power_state': `${pciState}\n` });
    expect((await readRuntimePower(join(root, 'device'))).state).toBe(state);
  });

  it('tells whether the device may sleep and lose its power', async () => {
    writeFileTree(root, laptop());
    const folder = join(root, 'bus/pci/devices');
    expect(await readRuntimePower(join(folder, '0000:01:00.0'))).toEqual({
      state: 'suspended',
      control: 'auto',
      isD3coldAllowed: true,
      autosuspendDelayMs: 5000,
    });
    expect(await readRuntimePower(join(folder, '0000:64:00.0'))).toMatchObject({
      control: null,
      isD3coldAllowed: null,
      autosuspendDelayMs: null,
    });
  });
});
