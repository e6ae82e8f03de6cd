import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, connectContract } from '../../shared/contract/client.ts';
import { type EngineContract, engineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import { createMemoryTransports } from '../../shared/contract/memory-transport.ts';
import { serveContract } from '../../shared/contract/server.ts';
import { saveExport } from './save-export.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'save-export-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An engine with one export of three pieces; null stands for a piece that cannot be read. */
function createEngine(pieces: readonly (string | null)[]) {
  const [near, far] = createMemoryTransports();
  const open = new Map<string, number>();
  let opened = 0;
  const answers: Record<string, (payload: { exportId: string }) => unknown> = {
    'exports.list': () => ({ formats: [{ id: 'csv', label: 'CSV', extension: 'csv', mimeType: 'text/csv' }] }),
    'exports.open': () => {
      opened += 1;
      open.set(`e${opened}`, 0);
      return { exportId: `e${opened}`, fileName: 'runs.csv', mimeType: 'text/csv' };
    },
    'exports.next': ({ exportId }) => {
      const at = open.get(exportId) ?? 0;
      open.set(exportId, at + 1);
      const text = pieces[at];
      if (text === null || text === undefined) throw new WattrunError('store/corrupt', 'A page cannot be read.');
      return { text, isDone: at === pieces.length - 1 };
    },
    'exports.close': ({ exportId }) => {
      open.delete(exportId);
      return {};
    },
  };
  serveContract({ contract: engineContract, transport: far, handlers: answers as never, onBug: () => {} });
  const engine: Client<EngineContract> = connectContract(engineContract, near);
  return { engine, open };
}

const wish = { format: 'csv', runIds: null };

describe('saving an export', () => {
  it('writes every piece to the chosen file and closes what it opened', async () => {
    const { engine, open } = createEngine(['a,b\r\n', '1,2\r\n', '3,é\r\n']);
    const path = join(folder, 'chosen.csv');
    const suggestions: unknown[] = [];
    const saved = await saveExport(wish, {
      engine,
      askPath: async (suggestion) => {
        suggestions.push(suggestion);
        return path;
      },
    });
    expect(saved).toBe(path);
    expect(readFileSync(path, 'utf8')).toBe('a,b\r\n1,2\r\n3,é\r\n');
    expect(suggestions).toMatchObject([{ fileName: 'runs.csv', format: { extension: 'csv' } }]);
    expect(readdirSync(folder)).toEqual(['chosen.csv']);
    expect(open.size).toBe(0);
  });

  it('writes nothing when the user cancels', async () => {
    const { engine, open } = createEngine(['a']);
    expect(await saveExport(wish, { engine, askPath: async () => null })).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
    expect(open.size).toBe(0);
  });

  it('leaves the old file whole when the record cannot be read to its end', async () => {
    const { engine, open } = createEngine(['a,b\r\n', null]);
    const path = join(folder, 'chosen.csv');
    writeFileSync(path, 'old');
    await expect(saveExport(wish, { engine, askPath: async () => path })).rejects.toMatchObject({
      code: 'store/corrupt',
    });
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['chosen.csv']);
    expect(open.size).toBe(0);
  });

  it('says so where the folder cannot be written', async () => {
    const { engine } = createEngine(['a']);
    const path = join(folder, 'missing', 'chosen.csv');
    await expect(saveExport(wish, { engine, askPath: async () => path })).rejects.toMatchObject({
      code: 'store/unwritable',
      hint: 'Choose another folder.',
    });
  });

  it('refuses a format there is none of', async () => {
    const { engine } = createEngine(['a']);
    await expect(
      saveExport({ format: 'xls', runIds: null }, { engine, askPath: async () => null }),
    ).rejects.toMatchObject({ code: 'exports/unknown-format' });
  });

  it('tells how much is written, and leaves nothing where it is cancelled half-way', async () => {
    const { engine, open } = createEngine(['a,b\r\n', '1,2\r\n', '3,4\r\n']);
    const path = join(folder, 'chosen.csv');
    writeFileSync(path, 'before');
    const abort = new AbortController();
    const told: unknown[] = [];
    const saved = await saveExport(wish, {
      engine,
      askPath: async () => path,
      signal: abort.signal,
      onProgress(progress) {
        told.push(progress);
        if (told.length === 2) abort.abort();
      },
    });
    expect(saved).toBeNull();
    // Five characters a piece.
    expect(told).toEqual([
      { fileName: 'chosen.csv', sizeBytes: 5, doneRatio: null },
      { fileName: 'chosen.csv', sizeBytes: 10, doneRatio: null },
    ]);
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(['chosen.csv']);
    expect(open.size).toBe(0);
  });
});
