import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listFolder, parseSysfsNumber, parseUevent, readSysfsFile, readSysfsNumber } from './sysfs-file.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wattrun-sysfs-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('readSysfsFile', () => {
  it('drops the NULs that a copy pads a page with', async () => {
    writeFileSync(join(root, 'value'), `36000000\n${'\0'.repeat(4087)}`);
    expect(await readSysfsFile(join(root, 'value'))).toEqual({ kind: 'text', text: '36000000' });
    expect(await readSysfsNumber(join(root, 'value'))).toBe(36_000_000);
  });

  it('says why a file cannot be read', async () => {
    mkdirSync(join(root, 'folder'));
    expect(await readSysfsFile(join(root, 'nothing'))).toEqual({ kind: 'failed', code: 'ENOENT' });
    expect(await readSysfsFile(join(root, 'folder'))).toEqual({ kind: 'failed', code: 'EISDIR' });
    expect(await listFolder(join(root, 'nothing'))).toEqual([]);
  });
});

describe('parseSysfsNumber', () => {
  it.each([
    ['41045000\n', 41_045_000],
    ['0', 0],
    ['-273150', -273_150],
  ])('reads %j', (text, value) => expect(parseSysfsNumber(text)).toBe(value));

  it.each(['', ' ', 'N/A', '1e3', '0x10', '1.5', '12 W', 'NaN', '1'.repeat(21)])('takes %j for no number', (text) =>
    expect(parseSysfsNumber(text)).toBeNull(),
  );
});

describe('parseUevent', () => {
  it('reads keys and values', () => {
    const uevent = parseUevent('DRIVER=amdgpu\nPCI_ID=1002:73BF\nPCI_SLOT_NAME=0000:0c:00.0\n\0\0');
    expect(uevent.get('PCI_SLOT_NAME')).toBe('0000:0c:00.0');
    expect(uevent.size).toBe(3);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        for (const [key, value] of parseUevent(text)) expect(`${key}${value}`).not.toContain('\n');
      }),
    );
  });
});
