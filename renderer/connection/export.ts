import type { Client } from '../../shared/contract/client.ts';
import type { HostContract } from '../../shared/contract/host-contract.ts';
import type { EngineRequest } from './connection-context.tsx';

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
  /** Told the characters pulled so far and how much is behind, 0…1; never in Electron, where the host writes the file. */
  readonly onProgress?: (characters: number, doneRatio: number) => void;
  readonly signal?: AbortSignal;
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
  if (options.host !== null) {
    const { path } = await options.host.request('host.saveExport', payload, { timeoutMs: hostTimeoutMs });
    return path === null ? { kind: 'cancelled' } : { kind: 'saved', path, fileName: null };
  }
  const opened = await options.request('exports.open', payload);
  try {
    const parts = await pull(opened.exportId, options);
    if (parts === null) return { kind: 'cancelled' };
    download(new Blob(parts, { type: opened.mimeType }), opened.fileName);
    return { kind: 'saved', path: null, fileName: opened.fileName };
  } finally {
    await options.request('exports.close', { exportId: opened.exportId }).catch(() => undefined);
  }
}

/** Printing a long report takes its time. */
const pieceTimeoutMs = 150_000;

/** A person may leave the save dialog open for a long while. */
const hostTimeoutMs = 60 * 60 * 1000;

async function pull(exportId: string, options: ExportOptions): Promise<BlobPart[] | null> {
  const parts: BlobPart[] = [];
  let characters = 0;
  for (;;) {
    if (options.signal?.aborted === true) return null;
    const { text, base64, isDone, doneRatio } = await options.request(
      'exports.next',
      { exportId },
      { timeoutMs: pieceTimeoutMs },
    );
    const part = base64 === undefined ? text : Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    parts.push(part);
    characters += part.length;
    options.onProgress?.(characters, isDone ? 1 : (doneRatio ?? 0));
    if (isDone) return parts;
  }
}

function download(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
