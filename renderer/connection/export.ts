import type { Client } from '../../shared/contract/client.ts';
import type { HostContract } from '../../shared/contract/host-contract.ts';
import type { EngineRequest } from './connection-context.tsx';

export interface ExportAsked {
  readonly format: string;
  /** Null: all runs. */
  readonly runIds: readonly string[] | null;
}

export interface ExportOptions {
  readonly request: EngineRequest;
  readonly host: Client<HostContract> | null;
  /** Told the characters pulled so far; never in Electron, where the host writes the file. */
  readonly onProgress?: (characters: number) => void;
  readonly signal?: AbortSignal;
}

/** `path` is where the desktop shell wrote it; null in a browser, whose download it then is. */
export type ExportSaved =
  | { readonly kind: 'saved'; readonly path: string | null; readonly fileName: string | null }
  | { readonly kind: 'cancelled' };

/** Saves an export: through the shell's dialog in Electron, as a download in a browser. Rejects with a WattrunError. */
export async function saveExport(asked: ExportAsked, options: ExportOptions): Promise<ExportSaved> {
  const payload = { format: asked.format, runIds: asked.runIds === null ? null : [...asked.runIds] };
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

/** A person may leave the save dialog open for a long while. */
const hostTimeoutMs = 60 * 60 * 1000;

async function pull(exportId: string, options: ExportOptions): Promise<string[] | null> {
  const parts: string[] = [];
  let characters = 0;
  for (;;) {
    if (options.signal?.aborted === true) return null;
    const { text, isDone } = await options.request('exports.next', { exportId });
    parts.push(text);
    characters += text.length;
    options.onProgress?.(characters);
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
