import type { AlertRule, AlertScope } from '../../shared/model/alert.ts';
import { isoFromUnixMs } from '../../shared/units.ts';
import type { CliContext } from '../context.ts';
import { connectOwner, withEngine } from '../record.ts';
import { plainText, tableText, wattsText } from '../text.ts';
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

export async function alertsListCommand(context: CliContext, isJson: boolean): Promise<number> {
  const { rules } = await withEngine(context, (client) => client.request('alerts.list', {}));
  if (isJson) context.out(`${JSON.stringify({ schemaVersion: 1, rules }, null, 2)}\n`);
  else if (rules.length === 0) context.say('No alert rules. Add one: wattrun alerts add --power 300 --for 30');
  else context.out(`${tableText([['ID', 'State', 'Rule', 'Scope', 'Now'], ...rules.map(ruleRow)])}\n`);
  return 0;
}

const ruleRow = (rule: AlertRule): string[] => [
  rule.id,
  rule.status.state,
  plainText(rule.name),
  rule.scopeLabel,
  wattsText(rule.status.value),
];

export interface AddAlertOptions {
  readonly powerWatts: number;
  readonly holdSeconds: number;
  readonly clearSeconds: number;
  readonly scope: string;
  readonly name: string | undefined;
  readonly level: 'note' | 'warning' | 'critical';
  readonly isJson: boolean;
}

export async function alertsAddCommand(context: CliContext, options: AddAlertOptions): Promise<number> {
  const rule = await withEngine(context, (client) =>
    client.request('alerts.put', {
      kind: 'sustained-power',
      name: options.name ?? null,
      scope: scopeFrom(options.scope),
      params: { limitWatts: options.powerWatts, holdSeconds: options.holdSeconds, clearSeconds: options.clearSeconds },
      level: options.level,
      isEnabled: true,
    }),
  );
  context.out(
    options.isJson
      ? `${JSON.stringify(rule, null, 2)}\n`
      : `${rule.id}  ${plainText(rule.name)} (${rule.scopeLabel})\n`,
  );
  return 0;
}

function scopeFrom(words: string): AlertScope {
  if (words === 'machine') return { kind: 'machine' };
  if (words === 'any-gpu') return { kind: 'any-gpu' };
  if (/^(gpu|cpu|dram|module|wall):.+|^platform$/.test(words)) return { kind: 'domain', domainId: words };
  throw new UsageError(`${words} is no scope.`, 'A scope is machine, any-gpu, or a domain such as cpu:0 or gpu:GPU-….');
}

export async function alertsRemoveCommand(context: CliContext, ruleId: string): Promise<number> {
  await withEngine(context, (client) => client.request('alerts.remove', { ruleId }));
  return 0;
}

export async function alertsTestCommand(context: CliContext, ruleId: string): Promise<number> {
  const entry = await withEngine(context, (client) => client.request('alerts.test', { ruleId }));
  context.out(`${isoFromUnixMs(entry.firedAtMs)}  test of ${plainText(entry.ruleName)}\n`);
  return 0;
}

export async function alertsLogCommand(context: CliContext, isJson: boolean): Promise<number> {
  const { entries } = await withEngine(context, (client) => client.request('alerts.log', {}));
  if (isJson) context.out(`${JSON.stringify({ schemaVersion: 1, entries }, null, 2)}\n`);
  else if (entries.length === 0) context.say('No alert has fired yet.');
  else {
    const rows = entries.map((entry) => [
      isoFromUnixMs(entry.firedAtMs),
      entry.isTest ? 'test' : entry.clearedAtMs === null ? 'firing' : `cleared ${isoFromUnixMs(entry.clearedAtMs)}`,
      plainText(entry.ruleName),
      entry.scopeLabel,
      wattsText(entry.valueWatts),
      `peak ${wattsText(entry.peakWatts)}`,
    ]);
    context.out(`${tableText([['Fired', 'State', 'Rule', 'Of', 'At', 'Peak'], ...rows])}\n`);
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
