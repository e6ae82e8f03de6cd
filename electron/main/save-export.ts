import { basename } from 'node:path';
import type { Client } from '../../shared/contract/client.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import { openWrittenFile } from './written-file.ts';

export interface ExportWish {
  readonly format: string;
  readonly runIds: string[] | null;
}

export interface SaveExportOptions {
  readonly engine: Client<EngineContract>;
  /** Where to, by the user; null: nowhere after all. */
  readonly askPath: (suggestion: { readonly fileName: string; readonly format: FormatName }) => Promise<string | null>;
  /** Told how much is written, with the file's name. */
  readonly onProgress?: (progress: { readonly fileName: string; readonly characters: number }) => void;
  /** Once aborted nothing is left on disk, and the path is null. */
  readonly signal?: AbortSignal;
}

interface FormatName {
  readonly label: string;
  readonly extension: string;
}

const pieceTimeoutMs = 60_000;

/** Saves an export where the user says and gives the path, or null. A file of that name stays whole until the new one is. */
export async function saveExport(wish: ExportWish, options: SaveExportOptions): Promise<string | null> {
  const { engine } = options;
  const { formats } = await engine.request('exports.list', {});
  const format = formats.find((one) => one.id === wish.format);
  if (format === undefined)
    throw new WattrunError('exports/unknown-format', `There is no export format ${wish.format}.`);
  // Opened for its name, then anew for its text: the record may grow while the user chooses.
  const named = await engine.request('exports.open', wish);
  await engine.request('exports.close', { exportId: named.exportId });
  const path = await options.askPath({ fileName: named.fileName, format });
  if (path === null || options.signal?.aborted === true) return null;
  const { exportId } = await engine.request('exports.open', wish);
  try {
    return (await writePieces(path, pieces(engine, exportId), options)) ? path : null;
  } finally {
    await engine.request('exports.close', { exportId }).catch(() => undefined);
  }
}

/** False where it was cancelled. */
async function writePieces(
  path: string,
  texts: AsyncIterable<string>,
  { onProgress, signal }: SaveExportOptions,
): Promise<boolean> {
  const file = await openWrittenFile(path);
  try {
    let characters = 0;
    for await (const text of texts) {
      if (signal?.aborted === true) break;
      await file.append(text);
      characters += text.length;
      onProgress?.({ fileName: basename(path), characters });
    }
  } catch (error) {
    await file.discard();
    throw error;
  }
  if (signal?.aborted === true) {
    await file.discard();
    return false;
  }
  await file.finish();
  return true;
}

async function* pieces(engine: Client<EngineContract>, exportId: string): AsyncGenerator<string> {
  for (;;) {
    const { text, isDone } = await engine.request('exports.next', { exportId }, { timeoutMs: pieceTimeoutMs });
    yield text;
    if (isDone) return;
  }
}
