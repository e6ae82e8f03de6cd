import type { Client } from '../../shared/contract/client.ts';
import { type HostContract, mostBase64 } from '../../shared/contract/host-contract.ts';
import { download, type ExportSaved } from './export.ts';

export interface PageFile {
  /** With its extension. */
  readonly fileName: string;
  /** What the dialog calls its kind: 'SVG'. */
  readonly label: string;
  readonly content: Blob;
}

/** A person may leave the save dialog open for a long while. */
const dialogTimeoutMs = 60 * 60 * 1000;
/** Three bytes are four characters, so that each piece is whole by itself. */
const pieceBytes = Math.floor(mostBase64 / 4) * 3;

/** Saves a file that the page has made: through the shell's dialog in the app, as a download in a browser. Rejects with a WattrunError. */
export async function saveFile(file: PageFile, host: Client<HostContract> | null): Promise<ExportSaved> {
  if (host === null) {
    download(file.content, file.fileName);
    return { kind: 'saved', path: null, fileName: file.fileName };
  }
  const extension = file.fileName.split('.').at(-1) ?? '';
  const question = { fileName: file.fileName, label: file.label, extension };
  const { fileId } = await host.request('host.createFile', question, { timeoutMs: dialogTimeoutMs });
  if (fileId === null) return { kind: 'cancelled' };
  try {
    const bytes = new Uint8Array(await file.content.arrayBuffer());
    for (let from = 0; from < bytes.length; from += pieceBytes)
      await host.request('host.appendFile', { fileId, base64: base64Of(bytes.subarray(from, from + pieceBytes)) });
  } catch (error) {
    await host.request('host.closeFile', { fileId, isComplete: false }).catch(() => undefined);
    throw error;
  }
  const { path } = await host.request('host.closeFile', { fileId, isComplete: true });
  return path === null ? { kind: 'cancelled' } : { kind: 'saved', path, fileName: file.fileName };
}

/** In steps: a call takes only so many arguments. */
function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 32_768)
    text += String.fromCharCode(...bytes.subarray(from, from + 32_768));
  return btoa(text);
}

/** A name that every file system takes: without what separates folders or is refused somewhere, and not too long. */
export function safeFileName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}/\\:*?"<>|]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[. ]+|[. ]+$/g, '');
  return [...plain].slice(0, 80).join('') || 'chart';
}
