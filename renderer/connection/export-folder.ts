import { msFromSeconds } from '../../shared/units.ts';
import type { PartsFolder } from './export-parts.ts';

/** In the page's own file system, which no other page can read: https://fs.spec.whatwg.org/#origin-private-file-system */
const rootName = 'exports';
/** No export takes so long: what is older was left by a page that was closed. */
const staleMs = msFromSeconds(24 * 60 * 60);

/** A new folder of the page's own; null where the browser has none, or not on this address (plain HTTP to another machine). */
export async function openExportFolder(): Promise<PartsFolder | null> {
  if (!hasPrivateFiles()) return null;
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(rootName, { create: true });
  const name = `${Date.now()}-${crypto.randomUUID()}`;
  const directory = await root.getDirectoryHandle(name, { create: true });
  return {
    async write(fileName, parts) {
      const file = await directory.getFileHandle(fileName, { create: true });
      const stream = await file.createWritable();
      try {
        for (const part of parts) await stream.write(part);
      } catch (error) {
        await stream.abort();
        throw error;
      }
      await stream.close();
      return file.getFile();
    },
    remove: () => root.removeEntry(name, { recursive: true }),
  };
}

/** Removes what pages left that were closed before their download was written. */
export async function sweepExportFolders(nowMs: number): Promise<void> {
  if (!hasPrivateFiles()) return;
  const top = await navigator.storage.getDirectory();
  const root = await top.getDirectoryHandle(rootName).catch(() => null);
  if (root === null) return;
  for await (const name of root.keys())
    if (nowMs - Number.parseInt(name, 10) > staleMs) await root.removeEntry(name, { recursive: true });
}

const hasPrivateFiles = (): boolean =>
  isSecureContext && 'storage' in navigator && 'createWritable' in FileSystemFileHandle.prototype;
