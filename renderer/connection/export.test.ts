import { expect, it } from 'vitest';
import type { EngineRequest } from './connection-context.tsx';
import { saveExport } from './export.ts';

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
