import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileTree } from '../../../tests/fakes/file-tree.ts';
import { findHwmon, listDrmCards } from './drm-cards.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wattrun-drm-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('listDrmCards', () => {
  it("lists a vendor's cards by number; no connectors, no render nodes, no partitions of a card that is there", async () => {
    writeFileTree(root, {
      'class/drm/card10/device/vendor': '0x1002\n',
      'class/drm/card10/device/uevent': 'DRIVER=amdgpu\nPCI_ID=1002:74A1\nPCI_SLOT_NAME=0000:0c:00.0\n',
      'class/drm/card11/device/vendor': '0x1002\n',
      'class/drm/card11/device/uevent': 'DRIVER=amdgpu\nPCI_SLOT_NAME=0000:0c:00.0\n',
      'class/drm/card2/device/vendor': '0x1002\n',
      'class/drm/card2/device/device': '0x15bf\n',
      'class/drm/card0/device/vendor': '0x10de\n',
      'class/drm/card2-DP-1/device/vendor': '0x1002\n',
      'class/drm/renderD128/device/vendor': '0x1002\n',
      'class/drm/version': 'drm 1.1.0 20060810\n',
    });
    expect((await listDrmCards(root, 'amd')).map(({ number, busId, deviceId }) => [number, busId, deviceId])).toEqual([
      [2, null, '15bf'],
      [10, '0000:0c:00.0', '74a1'],
    ]);
  });

  it('finds none where there is no graphics layer', async () => expect(await listDrmCards(root, 'amd')).toEqual([]));
});

describe('findHwmon', () => {
  it('goes by the name inside, not by the number', async () => {
    writeFileTree(root, {
      'device/hwmon/hwmon1/name': 'nvme\n',
      'device/hwmon/hwmon7/name': 'amdgpu\n',
    });
    expect(await findHwmon(join(root, 'device'), ['amdgpu'])).toBe(join(root, 'device/hwmon/hwmon7'));
    expect(await findHwmon(join(root, 'device'), ['xe'])).toBeNull();
    expect(await findHwmon(join(root, 'nothing'), ['xe'])).toBeNull();
  });
});
