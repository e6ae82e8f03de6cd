import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPageFiles } from './page-files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'page-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const wish = { fileName: 'power.svg', label: 'SVG', extension: 'svg' };
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const createFiles = () => createPageFiles(async ({ fileName }) => join(folder, fileName));

describe('a file that a page makes', () => {
  it('has its name once it is whole', async () => {
    const files = createFiles();
    const id = (await files.create(wish)) ?? '';
    await files.append(id, base64('<svg>'));
    await files.append(id, base64('</svg>'));
    expect(readdirSync(folder)).not.toContain('power.svg');
    expect(await files.close(id, true)).toBe(join(folder, 'power.svg'));
    expect(readFileSync(join(folder, 'power.svg'), 'utf8')).toBe('<svg></svg>');
    expect(readdirSync(folder)).toEqual(['power.svg']);
  });

  it('leaves nothing where it is given up, by the page or by its end', async () => {
    const files = createFiles();
    const id = (await files.create(wish)) ?? '';
    expect(await files.close(id, false)).toBeNull();
    const other = (await files.create(wish)) ?? '';
    await files.discardAll();
    expect(readdirSync(folder)).toEqual([]);
    await expect(files.append(other, base64('x'))).rejects.toMatchObject({ code: 'host/refused' });
  });

  it('is none where the user chose nothing, and none of somebody else’s', async () => {
    expect(await createPageFiles(async () => null).create(wish)).toBeNull();
    await expect(createFiles().close('file-1', true)).rejects.toMatchObject({ code: 'host/refused' });
  });

  it('says where it cannot be written, and that too many are open', async () => {
    const nowhere = createPageFiles(async () => join(folder, 'no/such/place.svg'));
    await expect(nowhere.create(wish)).rejects.toMatchObject({ code: 'store/unwritable' });
    const files = createFiles();
    for (let i = 0; i < 8; i++) await files.create({ ...wish, fileName: `${i}.svg` });
    await expect(files.create(wish)).rejects.toMatchObject({ code: 'host/refused' });
    await files.discardAll();
  });
});
