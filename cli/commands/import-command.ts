import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { ImportResult } from '../../shared/contract/engine-contract.ts';
import type { CliContext } from '../context.ts';
import { plainText } from '../plain-text.ts';
import { withEngine } from '../record.ts';
import { UsageError } from '../usage-error.ts';

export interface ImportOptions {
  readonly project: string | undefined;
  readonly isDryRun: boolean;
  readonly isJson: boolean;
}

/** Under the longest message of a socket, whatever its characters are. */
const pieceBytes = 128 * 1024;

/** Takes CodeCarbon's runs into the record, and says of each line that was mended or refused why. Exit code 1 where nothing could be taken in. */
export async function importCommand(context: CliContext, path: string, options: ImportOptions): Promise<number> {
  const result = await withEngine(context, async (engine) => {
    const { importId } = await engine.request('imports.open', {
      format: 'codecarbon-csv',
      project: options.project ?? null,
      isDryRun: options.isDryRun,
    });
    for await (const text of textsOf(path)) await engine.request('imports.push', { importId, text });
    return engine.request('imports.finish', { importId });
  });
  if (options.isJson) context.out(`${JSON.stringify({ schemaVersion: 1, ...result }, null, 2)}\n`);
  else say(context, result, options.isDryRun);
  return result.refused > 0 && result.imported + result.known === 0 ? 1 : 0;
}

async function* textsOf(path: string): AsyncGenerator<string, undefined> {
  const decoder = new StringDecoder('utf8');
  const source = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: pieceBytes });
  try {
    for await (const bytes of source) yield decoder.write(bytes as Buffer);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'EISDIR') throw new UsageError(`${path} is a folder.`, 'Give the name of a file in it.');
    throw new UsageError(`${path} cannot be read (${code}).`);
  }
  yield decoder.end();
  return undefined;
}

function say(context: CliContext, result: ImportResult, isDryRun: boolean): void {
  const { imported, known, repaired, refused, notes } = result;
  for (const { line, kind, message } of notes) context.say(`line ${line}: ${kind}: ${plainText(message)}`);
  const untold = repaired + refused - notes.length;
  if (untold > 0) context.say(`${untold} more lines were repaired or refused.`);
  context.show(
    `${isDryRun ? 'Would be imported' : 'Imported'}: ${imported}, on record already: ${known}, repaired lines: ${repaired}, refused lines: ${refused}`,
  );
}
