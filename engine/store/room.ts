import { statfsSync } from 'node:fs';

const pageBytes = 4096;
/** As much as SQLite takes at once for what readers and writers of a record share. */
const neededBytes = 32 * 1024;

/**
 * False where SQLite would be killed (SIGBUS) instead of refused: it reserves its shared memory by one byte in each page of 4 KiB, and where the disk's blocks are
 * smaller, the others of a page find no room when they are written to.
 */
export function canShareMemory(directory: string): boolean {
  const { bsize, bavail } = statfsSync(directory);
  return bsize >= pageBytes || bavail * bsize >= neededBytes;
}
