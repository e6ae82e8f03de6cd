import { basename } from 'node:path';
import { writeWhole } from '../../engine/files/write-whole.ts';
import type { Client } from '../../shared/contract/client.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';

export interface ExportWish {
  readonly format: string;
  readonly runIds: string[] | null;
  readonly project?: string | null | undefined;
}

export interface SaveExportOptions {
  readonly engine: Client<EngineContract>;
  /** Where to, by the user; null: nowhere after all. */
  readonly askPath: (suggestion: { readonly fileName: string; readonly format: FormatName }) => Promise<string | null>;
  /** Told how much is written and how much is behind, 0…1, with the file's name. */
  readonly onProgress?: (progress: SavedSoFar) => void;
  /** Once aborted nothing is left on disk, and the path is null. */
  readonly signal?: AbortSignal;
  /** Prints a page to PDF without any other browser; absent: the engine's own way. */
  readonly print?: (html: AsyncIterable<string | Uint8Array>) => AsyncIterable<Uint8Array>;
}

interface SavedSoFar {
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly doneRatio: number | null;
}

interface FormatName {
  readonly label: string;
  readonly extension: string;
}

/** Printing a long report takes its time. */
const pieceTimeoutMs = 150_000;

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
  const isCancelled = (): boolean => options.signal?.aborted === true;
  if (path === null || isCancelled()) return null;
  const isPrintedHere = wish.format === 'pdf' && options.print !== undefined;
  const { exportId } = await engine.request('exports.open', isPrintedHere ? { ...wish, format: 'html' } : wish);
  try {
    const pulled = pieces(engine, exportId, (progress) =>
      options.onProgress?.({ ...progress, fileName: basename(path) }),
    );
    const written = isPrintedHere && options.print !== undefined ? options.print(pulled) : pulled;
    await writeWhole(path, written, options.signal);
    return path;
  } catch (error) {
    if (isCancelled()) return null;
    throw error;
  } finally {
    await engine.request('exports.close', { exportId }).catch(() => undefined);
  }
}

async function* pieces(
  engine: Client<EngineContract>,
  exportId: string,
  tell: (progress: Omit<SavedSoFar, 'fileName'>) => void,
): AsyncGenerator<string | Uint8Array> {
  let sizeBytes = 0;
  for (;;) {
    const { text, base64, isDone, doneRatio } = await engine.request(
      'exports.next',
      { exportId },
      { timeoutMs: pieceTimeoutMs },
    );
    const piece = base64 === undefined ? text : Buffer.from(base64, 'base64');
    sizeBytes += piece.length;
    tell({ sizeBytes, doneRatio: isDone ? 1 : (doneRatio ?? null) });
    yield piece;
    if (isDone) return;
  }
}
