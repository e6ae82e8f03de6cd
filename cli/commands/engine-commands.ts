import type { CliContext } from '../context.ts';
import { connectOwner, withEngine } from '../record.ts';
import { plainText, wattsText } from '../text.ts';
import { UsageError } from '../usage-error.ts';

const probeLimitMs = 4000;

/** Every source: found or not, why not, and the exact command that mends it. */
export async function sensorsCommand(context: CliContext, isJson: boolean): Promise<number> {
  const { sources } = await withEngine(
    context,
    async (client) => {
      // A second look, so that sources which need two (load, counters) have a number to show.
      await new Promise((resolve) => setTimeout(resolve, 1200));
      return client.request('sensors.list', {});
    },
    probeLimitMs,
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
    context.out(
      `${words[source.state].padEnd(12)} ${source.label}${source.powerWatts === null ? '' : `  ${wattsText(source.powerWatts)} (${source.provenance})`}\n`,
    );
    if (source.how !== '') context.out(`             ${plainText(source.how)}\n`);
    if (source.reason !== null) context.out(`             ${plainText(source.reason)}\n`);
    for (const remedy of source.remedies)
      context.out(`             $ ${remedy.command}\n               ${remedy.effect}\n`);
    if (source.state === 'answering') context.out(`             same number: ${source.sameNumberCommand}\n`);
  }
  return 0;
}

export async function markCommand(
  context: CliContext,
  runId: string | undefined,
  mark: { readonly kind: string; readonly label: string; readonly value: number | null },
): Promise<number> {
  const id = runId ?? context.environment.WATTRUN_RUN_ID;
  if (id === undefined) throw new UsageError('Say which run to mark: --run ID.', 'Inside a wrapped run it is known.');
  await withEngine(context, (client) => client.request('runs.mark', { runId: id, ...mark, source: 'manual' }));
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
  context.out(options.isJson ? `${JSON.stringify(run, null, 2)}\n` : `${run.id}\n`);
  return 0;
}

export async function stopCommand(context: CliContext, runId: string, isJson: boolean): Promise<number> {
  const report = await withLivingEngine(context, (client) => client.request('runs.stop', { runId }));
  context.out(isJson ? `${JSON.stringify(report, null, 2)}\n` : `${report.run.id}\n`);
  return 0;
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
