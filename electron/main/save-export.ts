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
  /** Prints a page to PDF without any other browser; absent: the engine's own way. */
  readonly print?: (html: AsyncIterable<string | Uint8Array>) => AsyncIterable<Uint8Array>;
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
  if (path === null) return null;
  const isPrintedHere = wish.format === 'pdf' && options.print !== undefined;
  const { exportId } = await engine.request('exports.open', isPrintedHere ? { ...wish, format: 'html' } : wish);
  try {
    const pulled = pieces(engine, exportId);
    await writeWhole(path, isPrintedHere && options.print !== undefined ? options.print(pulled) : pulled);
  } finally {
    await engine.request('exports.close', { exportId }).catch(() => undefined);
  }
  return path;
}

async function* pieces(engine: Client<EngineContract>, exportId: string): AsyncGenerator<string | Uint8Array> {
  for (;;) {
    const piece = await engine.request('exports.next', { exportId }, { timeoutMs: pieceTimeoutMs });
    yield piece.base64 === undefined ? piece.text : Buffer.from(piece.base64, 'base64');
    if (piece.isDone) return;
  }
}
