import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type GridReading, problemReading } from './grid-provider.ts';
import { parseIntensityCsv } from './intensity-csv.ts';

export type ReadIntensityFile = (path: string, nowMs: number) => Promise<GridReading | 'unchanged'>;

/** Ten years of hours are 4 MB. */
const mostBytes = 6_000_000;

/** Reads a user's file of intensities whenever it has changed; what was wrong about it is said anew only then. */
export function createIntensityFileReader(): ReadIntensityFile {
  let known = '';
  return async (path, nowMs) => {
    try {
      const found = await stat(path);
      const { size, mtimeMs } = found;
      if (!found.isFile()) return problemReading('file-missing', `${basename(path)} is no file.`);
      if (size > mostBytes) return problemReading('wrong-answer', `${basename(path)} is larger than 6 MB.`);
      const now = `${path}\n${size}\n${mtimeMs}`;
      if (now === known) return 'unchanged';
      const text = await readFile(path, 'utf8');
      known = now;
      return parseIntensityCsv(text, { nowMs, fileName: basename(path) });
    } catch (error) {
      known = '';
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
      return problemReading('file-missing', `${basename(path)} cannot be read (${code}).`);
    }
  };
}
