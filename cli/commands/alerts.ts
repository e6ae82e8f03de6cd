import type { AlertRule, RuleDescriptor } from '../../shared/model/alert.ts';
import { isoFromUnixMs, secondsFromMs } from '../../shared/units.ts';
import { amountText, budgetText, deliveryText } from '../alert-text.ts';
import type { CliContext } from '../context.ts';
import { plainText } from '../plain-text.ts';
import { print } from '../print.ts';
import { runIdOf, untilSecondLook, withEngine } from '../record.ts';
import { durationText, tableText } from '../text.ts';
import { UsageError } from '../usage-error.ts';

const probeLimitMs = 4000;

export async function kindsCommand(context: CliContext, isJson: boolean): Promise<number> {
  const { kinds } = await withEngine(context, (client) => client.request('alerts.describe', {}));
  return print(context, isJson, { schemaVersion: 1, kinds }, () => kinds.map(kindWords).join('\n\n'));
}

function kindWords(kind: RuleDescriptor): string {
  const fields = kind.fields.map(
    (field) =>
      `  --set ${field.key}=${field.defaultValue}  ${field.unit}, from ${field.min} to ${field.max}: ${field.label}`,
  );
  const choices = kind.choices.map(
    (choice) => `  --set ${choice.key}=${choice.choices.map(({ value }) => value).join('|')}  ${choice.label}`,
  );
  return [
    `${kind.kind}: ${kind.label}`,
    `  ${kind.definition}`,
    `  --scope ${kind.scopes.join(', ')}`,
    ...fields,
    ...choices,
  ].join('\n');
}

export async function alertsListCommand(context: CliContext, isJson: boolean): Promise<number> {
  const asked = await withEngine(context, async (client) => ({
    ...(await client.request('alerts.list', {})),
    ...(await client.request('alerts.budgets', {})),
  }));
  const { rules, budgets } = asked;
  if (!isJson && rules.length === 0) {
    context.say('No alert rules. Add one: wattrun alerts add --power 300 --for 30, or see: wattrun alerts presets');
    return 0;
  }
  return print(context, isJson, { schemaVersion: 1, rules, budgets }, () =>
    [tableText([['ID', 'State', 'Rule', 'Scope', 'Now'], ...rules.map(ruleRow)]), ...budgets.map(budgetText)].join(
      '\n',
    ),
  );
}

const ruleRow = ({ id, name, status, scopeLabel }: AlertRule): string[] => [
  id,
  status.state,
  name,
  scopeLabel,
  amountText(status.value, status.unit),
];

export async function alertsRemoveCommand(context: CliContext, ruleId: string, isJson: boolean): Promise<number> {
  await withEngine(context, (client) => client.request('alerts.remove', { ruleId }));
  return isJson ? print(context, true, { removed: ruleId }, () => '') : 0;
}

export async function alertsEnableCommand(
  context: CliContext,
  ruleId: string,
  options: { readonly isEnabled: boolean; readonly json?: boolean },
): Promise<number> {
  const rule = await withEngine(context, (client) =>
    client.request('alerts.enable', { ruleId, isEnabled: options.isEnabled }),
  );
  return print(context, options.json === true, rule, () => `${rule.id}  ${rule.status.state}  ${plainText(rule.name)}`);
}

export async function alertsSnoozeCommand(
  context: CliContext,
  ruleId: string,
  options: { readonly seconds: number; readonly json?: boolean },
): Promise<number> {
  await withEngine(context, (client) => client.request('alerts.snooze', { ruleId, seconds: options.seconds }));
  const words = options.seconds === 0 ? 'tells again' : `tells nobody for ${durationText(options.seconds)}`;
  return print(context, options.json === true, { ruleId, seconds: options.seconds }, () => `${ruleId}  ${words}`);
}

export async function alertsAcknowledgeCommand(context: CliContext, alertId: string, isJson: boolean): Promise<number> {
  await withEngine(context, (client) => client.request('alerts.acknowledge', { alertId }));
  return print(context, isJson, { acknowledged: alertId }, () => `${alertId}  acknowledged`);
}

export async function alertsAnswerCommand(
  context: CliContext,
  alertId: string,
  options: { readonly isYes: boolean; readonly json?: boolean },
): Promise<number> {
  const entry = await withEngine(context, (client) =>
    client.request('alerts.answer', { alertId, isYes: options.isYes }),
  );
  return print(
    context,
    options.json === true,
    entry,
    () => `${entry.id}  ${entry.question?.action ?? ''}: ${entry.question?.state ?? ''}`,
  );
}

export async function alertsTestCommand(context: CliContext, ruleId: string, isJson: boolean): Promise<number> {
  const entry = await withEngine(context, (client) => client.request('alerts.test', { ruleId }));
  return print(context, isJson, entry, () => `${isoFromUnixMs(entry.firedAtMs)}  test of ${plainText(entry.ruleName)}`);
}

export async function alertsLogCommand(context: CliContext, isJson: boolean): Promise<number> {
  const { entries } = await withEngine(context, (client) => client.request('alerts.log', {}));
  if (!isJson && entries.length === 0) {
    context.say('No alert has fired yet.');
    return 0;
  }
  const rows = entries.map((entry) => [
    entry.id,
    isoFromUnixMs(entry.firedAtMs),
    entry.isTest
      ? 'test'
      : entry.clearedAtMs === null
        ? 'firing'
        : entry.clearedAtMs === entry.firedAtMs
          ? 'told'
          : `cleared after ${durationText(secondsFromMs(entry.clearedAtMs - entry.firedAtMs))}`,
    entry.stagePercent === null ? entry.ruleName : `${entry.stagePercent} % of ${entry.ruleName}`,
    entry.scopeLabel,
    entry.outcome ?? amountText(entry.value, entry.unit),
    amountText(entry.peak, entry.unit),
    entry.question?.state === 'open'
      ? `${entry.question.action}? wattrun alerts answer ${entry.id} yes|no`
      : entry.deliveries.map(deliveryText).join(', '),
  ]);
  return print(context, isJson, { schemaVersion: 1, entries }, () =>
    tableText([['ID', 'Fired', 'State', 'Rule', 'Of', 'At', 'Peak', 'Told'], ...rows]),
  );
}

export async function alertsPresetsCommand(
  context: CliContext,
  options: { readonly add?: readonly string[]; readonly all?: boolean; readonly json?: boolean },
): Promise<number> {
  return withEngine(
    context,
    async (client) => {
      await untilSecondLook();
      const { presets } = await client.request('alerts.presets', {});
      const unknown = options.add?.find((id) => !presets.some((preset) => preset.id === id));
      if (unknown !== undefined)
        throw new UsageError(`There is no preset ${unknown} here.`, 'See: wattrun alerts presets');
      const wanted = presets.filter(
        (preset) => options.add?.includes(preset.id) || (options.all === true && !preset.isPresent),
      );
      const added: AlertRule[] = [];
      for (const preset of wanted) added.push(await client.request('alerts.put', preset.input));
      if (wanted.length > 0)
        return print(context, options.json === true, { schemaVersion: 1, added }, () =>
          added.map((rule) => `${rule.id}  ${plainText(rule.name)} (${plainText(rule.scopeLabel)})`).join('\n'),
        );
      return print(context, options.json === true, { schemaVersion: 1, presets }, () =>
        tableText([
          ['Preset', 'Rule', 'Why', ''],
          ...presets.map((preset) => [preset.id, preset.name, preset.reason, preset.isPresent ? 'there already' : '']),
        ]),
      );
    },
    { probeLimitMs },
  );
}

export async function alertsQuietCommand(
  context: CliContext,
  options: { readonly hours: string | undefined; readonly holdCritical?: boolean; readonly json?: boolean },
): Promise<number> {
  const quietHours = await withEngine(context, async (client) => {
    const before = (await client.request('settings.read', {})).quietHours;
    if (options.hours === undefined) return before;
    const span = options.hours === 'off' ? { isOn: false } : { isOn: true, ...quietSpan(options.hours) };
    const next = { ...before, ...span, isCriticalTold: options.holdCritical !== true };
    return (await client.request('settings.write', { quietHours: next })).quietHours;
  });
  const clock = (minute: number): string =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  return print(context, options.json === true, quietHours, () =>
    quietHours.isOn
      ? `Quiet from ${clock(quietHours.fromMinute)} to ${clock(quietHours.toMinute)}${quietHours.isCriticalTold ? ', but for critical alerts' : ''}`
      : 'No quiet hours',
  );
}

function quietSpan(words: string): { readonly fromMinute: number; readonly toMinute: number } {
  const found = /^([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)$/.exec(words);
  if (found === null)
    throw new UsageError(`${plainText(words)} are no quiet hours.`, 'Say them as 22:00-07:00, or off.');
  const [h1 = 0, m1 = 0, h2 = 0, m2 = 0] = found.slice(1).map(Number);
  return { fromMinute: h1 * 60 + m1, toMinute: h2 * 60 + m2 };
}

export async function controlCommand(
  context: CliContext,
  words: string,
  options: { readonly action: 'pause' | 'resume'; readonly json?: boolean },
): Promise<number> {
  const runId = runIdOf(context, words);
  const { outcome } = await withEngine(context, (client) => client.request(`runs.${options.action}`, { runId }));
  return print(context, options.json === true, { runId, outcome }, () => plainText(outcome));
}
