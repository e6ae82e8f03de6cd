import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Client } from '../../shared/contract/client.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';

export interface ExportWish {
  readonly format: string;
  readonly runIds: string[] | null;
}

export interface SaveExportOptions {
  readonly engine: Client<EngineContract>;
  /** Where to, by the user; null: nowhere after all. */
  readonly askPath: (suggestion: { readonly fileName: string; readonly format: FormatName }) => Promise<string | null>;
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
  if (path === null) return null;
  const { exportId } = await engine.request('exports.open', wish);
  try {
    await writeWhole(path, pieces(engine, exportId));
  } finally {
    await engine.request('exports.close', { exportId }).catch(() => undefined);
  }
  return path;
}

async function* pieces(engine: Client<EngineContract>, exportId: string): AsyncGenerator<string> {
  for (;;) {
    const { text, isDone } = await engine.request('exports.next', { exportId }, { timeoutMs: pieceTimeoutMs });
    yield text;
    if (isDone) return;
  }
}

/** Writes beside and renames, so that the name never stands for half a file. Throws 'store/full' or 'store/unwritable'. */
export async function writeWhole(path: string, texts: AsyncIterable<string>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    const file = await open(temporary, 'w');
    try {
      for await (const text of texts) await file.appendFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeErrorFrom(error, path);
  }
}

function writeErrorFrom(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof WattrunError || !/^E[A-Z]+$/.test(code)) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new WattrunError('store/full', `There is no room for ${path}.`, 'Free some space, or choose another disk.');
  return new WattrunError('store/unwritable', `${path} cannot be written (${code}).`, 'Choose another folder.');
}
