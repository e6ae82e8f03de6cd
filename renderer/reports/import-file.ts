import type { ImportResult } from '../../shared/contract/engine-contract.ts';
import type { EngineRequest } from '../connection/connection-context.tsx';

export interface ImportOptions {
  readonly request: EngineRequest;
  /** In place of the file's own. */
  readonly project: string | null;
  readonly isDryRun: boolean;
}

/** Under the longest message of a socket, whatever its characters are. */
const pieceBytes = 128 * 1024;

/** Sends a file piece by piece and gives what came of it. Rejects with a WattrunError. */
export async function importFile(file: Blob, { request, project, isDryRun }: ImportOptions): Promise<ImportResult> {
  const { importId } = await request('imports.open', { format: 'codecarbon-csv', project, isDryRun });
  const decoder = new TextDecoder();
  for (let at = 0; at < file.size; at += pieceBytes) {
    const bytes = await file.slice(at, at + pieceBytes).arrayBuffer();
    await request('imports.push', { importId, text: decoder.decode(bytes, { stream: true }) });
  }
  await request('imports.push', { importId, text: decoder.decode() });
  return request('imports.finish', { importId });
}
