import { expect, it } from 'vitest';
import { createExportParts, type PartsFolder, segmentBytes } from './export-parts.ts';

/** Keeps what is set down, and refuses from the n-th file on. */
function createMemoryFolder(refusedFrom = Number.POSITIVE_INFINITY): { files: Map<string, Blob>; folder: PartsFolder } {
  const files = new Map<string, Blob>();
  const folder: PartsFolder = {
    async write(name, parts) {
      if (files.size >= refusedFrom) throw new DOMException('no room', 'QuotaExceededError');
      const file = new Blob([...parts]);
      files.set(name, file);
      return file;
    },
    async remove() {
      files.clear();
    },
  };
  return { files, folder };
}

const half = segmentBytes / 2;
const filled = (letter: string): string => letter.repeat(half);

it('holds a short export in memory and opens no folder', async () => {
  let opened = 0;
  const parts = createExportParts(async () => {
    opened += 1;
    return null;
  });
  await parts.add('a,b\n');
  await parts.add(new Uint8Array([49, 10]));
  expect(await parts.whole('text/csv').text()).toBe('a,b\n1\n');
  expect(opened).toBe(0);
});

it('sets a long one down segment by segment, and gives it back in order', async () => {
  const { files, folder } = createMemoryFolder();
  const parts = createExportParts(async () => folder);
  for (const letter of ['a', 'b', 'c', 'd', 'e']) await parts.add(filled(letter));
  // Two halves are a segment: ab and cd are set down, e waits.
  expect([...files.values()].map((file) => file.size)).toEqual([segmentBytes, segmentBytes]);
  const text = await parts.whole('text/csv').text();
  expect(text === ['a', 'b', 'c', 'd', 'e'].map(filled).join('')).toBe(true);
  await parts.remove();
  expect(files.size).toBe(0);
});

it('goes on in memory where there is no more room, and loses nothing', async () => {
  const { files, folder } = createMemoryFolder(1);
  const parts = createExportParts(async () => folder);
  for (const letter of ['a', 'b', 'c', 'd', 'e']) await parts.add(filled(letter));
  expect(files.size).toBe(1);
  const text = await parts.whole('text/csv').text();
  expect(text === ['a', 'b', 'c', 'd', 'e'].map(filled).join('')).toBe(true);
});

it('asks once for a folder that the browser does not have', async () => {
  let asked = 0;
  const parts = createExportParts(async () => {
    asked += 1;
    return null;
  });
  for (const letter of ['a', 'b', 'c', 'd']) await parts.add(filled(letter));
  expect(asked).toBe(1);
  expect(parts.whole('text/csv').size).toBe(2 * segmentBytes);
});
