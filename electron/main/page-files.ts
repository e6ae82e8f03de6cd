import { WattrunError } from '../../shared/contract/errors.ts';
import { openWrittenFile, type WrittenFile } from './written-file.ts';

interface FileWish {
  readonly fileName: string;
  readonly label: string;
  readonly extension: string;
}

/** Files that a page makes, such as pictures of its charts: chosen by the user, then written piece by piece. */
export interface PageFiles {
  create(wish: FileWish): Promise<string | null>;
  append(fileId: string, base64: string): Promise<void>;
  close(fileId: string, isComplete: boolean): Promise<string | null>;
  /** The page is gone: what it has not finished goes with it. */
  discardAll(): Promise<void>;
}

/** A page that opens more than this at once has lost its way. */
const mostOpen = 8;

interface OpenFile {
  readonly path: string;
  readonly file: WrittenFile;
}

export function createPageFiles(askPath: (wish: FileWish) => Promise<string | null>): PageFiles {
  const open = new Map<string, OpenFile>();
  let lastId = 0;

  function openedBy(fileId: string): OpenFile {
    const found = open.get(fileId);
    if (found === undefined) throw new WattrunError('host/refused', 'There is no such file open.');
    return found;
  }

  return {
    async create(wish) {
      if (open.size >= mostOpen) throw new WattrunError('host/refused', 'Too many files are being saved at once.');
      const path = await askPath(wish);
      if (path === null) return null;
      const fileId = `file-${++lastId}`;
      open.set(fileId, { path, file: await openWrittenFile(path) });
      return fileId;
    },
    async append(fileId, base64) {
      const { file } = openedBy(fileId);
      try {
        await file.append(Buffer.from(base64, 'base64'));
      } catch (error) {
        open.delete(fileId);
        throw error;
      }
    },
    async close(fileId, isComplete) {
      const { file, path } = openedBy(fileId);
      open.delete(fileId);
      if (isComplete) await file.finish();
      else await file.discard();
      return isComplete ? path : null;
    },
    async discardAll() {
      const left = [...open.values()];
      open.clear();
      await Promise.all(left.map(({ file }) => file.discard()));
    },
  };
}
