/** A folder for parts that are set down. */
export interface PartsFolder {
  /** Sets the parts down as one file, which is read from the disk from then on. */
  write(name: string, parts: readonly BlobPart[]): Promise<Blob>;
  /** Takes all that was set down away. */
  remove(): Promise<void>;
}

/** The parts of an export in order, of which only the newest are held in memory where there is a folder. */
export interface ExportParts {
  add(part: string | Uint8Array<ArrayBuffer>): Promise<void>;
  /** All of them; it can be read until `remove`. */
  whole(type: string): Blob;
  remove(): Promise<void>;
}

/** So much is gathered before it is set down: a short export never touches the disk. */
export const segmentBytes = 16 * 1024 * 1024;

/** `openFolder` gives null where the browser has no folder to give. What cannot be set down stays in memory, and all after it. */
export function createExportParts(openFolder: () => Promise<PartsFolder | null>): ExportParts {
  const settled: Blob[] = [];
  let waiting: BlobPart[] = [];
  let waitingBytes = 0;
  let folder: PartsFolder | null = null;
  let canSettle = true;

  async function settle(): Promise<void> {
    try {
      folder ??= await openFolder();
      if (folder === null) {
        canSettle = false;
        return;
      }
      settled.push(await folder.write(String(settled.length), waiting));
      waiting = [];
      waitingBytes = 0;
    } catch (error) {
      // A full disk, or a browser that grants no room.
      console.info(`the export goes on in memory: ${String(error)}`);
      canSettle = false;
    }
  }

  return {
    async add(part) {
      waiting.push(part);
      // Text counts a byte a character, which most of it is.
      waitingBytes += part.length;
      if (canSettle && waitingBytes >= segmentBytes) await settle();
    },
    whole: (type) => new Blob([...settled, ...waiting], { type }),
    remove: async () => folder?.remove(),
  };
}
