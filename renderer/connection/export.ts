import type { Client } from '../../shared/contract/client.ts';
import type { HostContract } from '../../shared/contract/host-contract.ts';
import type { EngineRequest } from './connection-context.tsx';
import { openExportFolder } from './export-folder.ts';
import { createExportParts, type ExportParts, type PartsFolder } from './export-parts.ts';

export interface ExportAsked {
  readonly format: string;
  /** Null: all runs. */
  readonly runIds: readonly string[] | null;
  /** All runs of this one, and its sums where the format tells them. */
  readonly project?: string;
}

export interface ExportOptions {
  readonly request: EngineRequest;
  readonly host: Client<HostContract> | null;
  /** Told how much is written so far, and the file's name. */
  readonly onProgress?: (progress: ExportProgress) => void;
  /** Once aborted nothing is saved. */
  readonly signal?: AbortSignal;
  /** Where a long export is set down on its way in a browser: the page's own files unless told otherwise. */
  readonly openFolder?: () => Promise<PartsFolder | null>;
}

export interface ExportProgress {
  /** Text counts a byte a character, which most of it is. */
  readonly sizeBytes: number;
  /** How much is behind, 0…1; null where that cannot be told. */
  readonly doneRatio: number | null;
  readonly fileName: string;
}

/** `path` is where the desktop shell wrote it; null in a browser, whose download it then is. */
export type ExportSaved =
  | { readonly kind: 'saved'; readonly path: string | null; readonly fileName: string | null }
  | { readonly kind: 'cancelled' };

/** Saves an export: through the shell's dialog in Electron, as a download in a browser. Rejects with a WattrunError. */
export async function saveExport(asked: ExportAsked, options: ExportOptions): Promise<ExportSaved> {
  const payload = {
    format: asked.format,
    runIds: asked.runIds === null ? null : [...asked.runIds],
    ...(asked.project === undefined ? {} : { project: asked.project }),
  };
  if (options.host !== null) return saveByHost(payload, options.host, options);
  const opened = await options.request('exports.open', payload);
  const parts = createExportParts(options.openFolder ?? openExportFolder);
  const drop = (): void => void parts.remove().catch((error: unknown) => console.info(String(error)));
  try {
    if (!(await pull(opened, parts, options))) {
      drop();
      return { kind: 'cancelled' };
    }
    download(parts.whole(opened.mimeType), opened.fileName);
    setTimeout(drop, downloadMs);
    return { kind: 'saved', path: null, fileName: opened.fileName };
  } catch (error) {
    drop();
    throw error;
  } finally {
    await options.request('exports.close', { exportId: opened.exportId }).catch(() => undefined);
  }
}

/** Printing a long report takes its time. */
const pieceTimeoutMs = 150_000;

/** The browser copies what it downloads, and says to nobody when it has: a slow disk writes some gigabytes in this time. */
const downloadMs = 10 * 60 * 1000;

/** A person may leave the save dialog open for a long while. */
const hostTimeoutMs = 60 * 60 * 1000;

interface Opened {
  readonly exportId: string;
  readonly fileName: string;
}

let jobs = 0;

async function saveByHost(
  payload: { readonly format: string; readonly runIds: string[] | null; readonly project?: string },
  host: Client<HostContract>,
  { onProgress, signal }: ExportOptions,
): Promise<ExportSaved> {
  if (signal?.aborted === true) return { kind: 'cancelled' };
  const jobId = `export-${++jobs}`;
  const stopProgress = host.on('host.exportProgress', (progress) => {
    if (progress.jobId === jobId) onProgress?.(progress);
  });
  // An export that ended just now cannot be cancelled any more, which is as well.
  const cancel = (): void => void host.request('host.cancelExport', { jobId }).catch(() => undefined);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const { path } = await host.request('host.saveExport', { ...payload, jobId }, { timeoutMs: hostTimeoutMs });
    return path === null ? { kind: 'cancelled' } : { kind: 'saved', path, fileName: null };
  } finally {
    stopProgress();
    signal?.removeEventListener('abort', cancel);
  }
}

/** False: it was cancelled. */
async function pull(opened: Opened, parts: ExportParts, options: ExportOptions): Promise<boolean> {
  let sizeBytes = 0;
  for (;;) {
    if (options.signal?.aborted === true) return false;
    const { text, base64, isDone, doneRatio } = await options.request(
      'exports.next',
      { exportId: opened.exportId },
      { timeoutMs: pieceTimeoutMs },
    );
    const part = base64 === undefined ? text : Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    await parts.add(part);
    sizeBytes += part.length;
    options.onProgress?.({ sizeBytes, doneRatio: isDone ? 1 : (doneRatio ?? null), fileName: opened.fileName });
    if (isDone) return true;
  }
}

/** A download of the browser's own. */
export function download(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
