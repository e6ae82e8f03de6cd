import type { CliContext } from '../context.ts';
import { plainText } from '../plain-text.ts';
import { print } from '../print.ts';
import { connectOwner, runIdOf, untilSecondLook, withEngine } from '../record.ts';
import { wattsText } from '../text.ts';
import { UsageError } from '../usage-error.ts';

const probeLimitMs = 4000;

/** Every source: found or not, why not, and the exact command that mends it. */
export async function sensorsCommand(context: CliContext, isJson: boolean): Promise<number> {
  const { sources } = await withEngine(
    context,
    async (client) => {
      // Looked for anew: somebody has just followed a remedy.
      await client.request('sensors.check', {});
      await untilSecondLook();
      return client.request('sensors.list', {});
    },
    { probeLimitMs, isRecordOptional: true },
  );
  if (isJson) {
    context.out(`${JSON.stringify({ schemaVersion: 1, sources }, null, 2)}\n`);
    return 0;
  }
  const words = {
    answering: 'answering',
    standby: 'standing by',
    'needs-you': 'needs you',
    failing: 'failing',
    absent: 'not here',
  } as const;
  for (const source of sources) {
    const power = source.powerWatts === null ? '' : `  ${wattsText(source.powerWatts)} (${source.provenance})`;
    context.show(`${words[source.state].padEnd(12)} ${plainText(source.label)}${power}`);
    if (source.how !== '') context.show(`             ${plainText(source.how)}`);
    if (source.reason !== null) context.show(`             ${plainText(source.reason)}`);
    for (const remedy of source.remedies)
      context.show(`             $ ${plainText(remedy.command)}\n               ${plainText(remedy.effect)}`);
    if (source.state === 'answering') context.show(`             same number: ${plainText(source.sameNumberCommand)}`);
  }
  return 0;
}

export async function markCommand(
  context: CliContext,
  words: string | undefined,
  mark: { readonly kind: string; readonly label: string; readonly value: number | null },
): Promise<number> {
  const runId = words === undefined ? context.environment.WATTRUN_RUN_ID : runIdOf(context, words);
  if (runId === undefined)
    throw new UsageError('Say which run to mark: --run RUN.', 'Inside a wrapped run it is known.');
  await withEngine(context, (client) => client.request('runs.mark', { runId, ...mark, source: 'manual' }));
  return 0;
}

export async function startCommand(
  context: CliContext,
  options: {
    readonly name: string | undefined;
    readonly project: string | undefined;
    readonly pid: number | null;
    readonly isJson: boolean;
  },
): Promise<number> {
  const run = await withLivingEngine(context, (client) =>
    client.request('runs.start', {
      name: options.name ?? null,
      project: options.project ?? null,
      pid: options.pid,
      foundBy: 'manual',
    }),
  );
  return print(context, options.isJson, run, () => run.id);
}

export async function stopCommand(context: CliContext, words: string, isJson: boolean): Promise<number> {
  const report = await withLivingEngine(context, async (client) =>
    client.request('runs.stop', { runId: runIdOf(context, words) }),
  );
  return print(context, isJson, report, () => report.run.id);
}

async function withLivingEngine<T>(context: CliContext, work: Parameters<typeof withEngine<T>>[1]): Promise<T> {
  const client = await connectOwner(context.directory);
  if (client === null)
    throw new UsageError(
      'Nothing is measuring on this machine, so there is no run to start or stop.',
      'Start the app or `wattrun serve` first, or wrap a command with `wattrun run --`.',
    );
  return work(client).finally(() => client.close());
}
