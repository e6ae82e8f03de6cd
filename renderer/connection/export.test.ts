import { expect, it } from 'vitest';
import type { EngineRequest } from './connection-context.tsx';
import { saveExport } from './export.ts';
import { type PartsFolder, segmentBytes } from './export-parts.ts';

/** Answers by name, and remembers what was asked. */
function fakeRequest(answers: Readonly<Record<string, () => unknown>>): { asked: string[]; request: EngineRequest } {
  const asked: string[] = [];
  const request = (async (name: string) => {
    asked.push(name);
    return answers[name]?.();
  }) as EngineRequest;
  return { asked, request };
}

const opened = { exportId: 'e1', fileName: 'runs.csv', mimeType: 'text/csv' };

it('stops when told to and closes the export all the same', async () => {
  const stop = new AbortController();
  const { asked, request } = fakeRequest({
    'exports.open': () => opened,
    'exports.next': () => {
      stop.abort();
      return { text: 'a,b\n', isDone: false };
    },
  });
  const progress: number[] = [];
  const saved = await saveExport(
    { format: 'csv', runIds: null },
    { request, host: null, signal: stop.signal, onProgress: ({ sizeBytes }) => progress.push(sizeBytes) },
  );
  expect(saved).toEqual({ kind: 'cancelled' });
  expect(progress).toEqual([4]);
  expect(asked).toEqual(['exports.open', 'exports.next', 'exports.close']);
});

it('closes the export when a piece fails, and says why', async () => {
  const { asked, request } = fakeRequest({
    'exports.open': () => opened,
    'exports.next': () => {
      throw new Error('store/corrupt');
    },
  });
  await expect(saveExport({ format: 'csv', runIds: ['r1'] }, { request, host: null })).rejects.toThrow('store/corrupt');
  expect(asked.at(-1)).toBe('exports.close');
});

it('takes what was set down away when it is cancelled', async () => {
  const stop = new AbortController();
  const files = new Set<string>();
  const { request } = fakeRequest({
    'exports.open': () => opened,
    'exports.next': () => {
      if (files.size === 2) stop.abort();
      return { text: 'x'.repeat(segmentBytes), isDone: false };
    },
  });
  const openFolder = async (): Promise<PartsFolder> => ({
    async write(name, parts) {
      files.add(name);
      return new Blob([...parts]);
    },
    async remove() {
      files.clear();
    },
  });
  const saved = await saveExport(
    { format: 'csv', runIds: null },
    { request, host: null, signal: stop.signal, openFolder },
  );
  expect(saved).toEqual({ kind: 'cancelled' });
  expect([...files]).toEqual([]);
});
