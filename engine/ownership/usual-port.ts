import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The port that this data directory was served on the last time any would do. Browsers keep a page's habits (its charts, its window) by its address, and people
 * keep bookmarks: both hold from one start to the next as long as the port is free.
 */
export function usualPortIn(directory: string): { read(): number | null; keep(port: number): void } {
  const path = join(directory, 'port');
  const read = (): number | null => {
    try {
      const text = readFileSync(path, 'utf8').trim();
      const port = /^\d{4,5}$/.test(text) ? Number(text) : 0;
      return port >= 1024 && port <= 65_535 ? port : null;
    } catch {
      // None yet.
      return null;
    }
  };
  return {
    read,
    keep(port) {
      if (port === read()) return;
      try {
        writeFileSync(path, `${port}\n`, { mode: 0o600 });
      } catch {
        // Full or read-only: the record says so itself, and another port does no harm.
      }
    },
  };
}
