import type { Client } from '../../shared/contract/client.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import type { CliContext } from '../context.ts';
import { print } from '../print.ts';
import { runIdOf, runIdsOf, withEngine } from '../record.ts';
import { UsageError } from '../usage-error.ts';

/** Makes several runs one, under the first one's id. */
export async function mergeCommand(context: CliContext, words: readonly string[], isJson: boolean): Promise<number> {
  const [intoId = '', ...ids] = runIdsOf(context, words);
  if (ids.length === 0) throw new UsageError('Say at least two runs to merge.', 'wattrun merge RUN RUN…');
  const run = await withEngine(context, (client) => client.request('runs.merge', { intoId, ids }));
  return print(context, isJson, run, () => run.id);
}

/** Puts a run aside that was found and is none. */
export const dismissCommand = (context: CliContext, words: string): Promise<number> =>
  change(context, words, (client, runId) => client.request('runs.dismiss', { runId }));

export const renameCommand = (context: CliContext, words: string, name: string): Promise<number> =>
  change(context, words, (client, runId) => client.request('runs.update', { runId, name }));

async function change(
  context: CliContext,
  words: string,
  work: (client: Client<EngineContract>, runId: string) => Promise<unknown>,
): Promise<number> {
  const runId = runIdOf(context, words);
  await withEngine(context, (client) => work(client, runId));
  return 0;
}
