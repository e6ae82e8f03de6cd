import {
  type AlertLevel,
  type AlertRule,
  type AlertRuleInput,
  type AlertScope,
  defaultActions,
  type RuleActions,
  type RuleDescriptor,
} from '../../shared/model/alert.ts';
import type { CliContext } from '../context.ts';
import { plainText } from '../plain-text.ts';
import { print } from '../print.ts';
import { withEngine } from '../record.ts';
import { UsageError } from '../usage-error.ts';

export interface RuleOptions {
  readonly kind?: string;
  readonly power?: number;
  readonly for?: number;
  readonly clearAfter?: number;
  readonly scope?: string;
  readonly name?: string;
  readonly level?: AlertLevel;
  readonly set: Readonly<Record<string, string>>;
  readonly coolDown?: number;
  readonly notify?: boolean;
  readonly sound?: boolean;
  readonly badge?: boolean;
  readonly to?: readonly string[];
  readonly onRun?: RuleActions['runAction'];
  readonly withoutAsking?: boolean;
  readonly json?: boolean;
}

export async function alertsAddCommand(context: CliContext, options: RuleOptions): Promise<number> {
  const kind = options.kind ?? (options.power === undefined ? null : 'sustained-power');
  if (kind === null)
    throw new UsageError('Say what to watch: --power WATTS, or --kind KIND.', 'Kinds: wattrun alerts kinds');
  const rule = await withEngine(context, async (client) => {
    const descriptor = await descriptorOf(client, kind);
    return client.request('alerts.put', {
      kind,
      name: options.name ?? null,
      scope: options.scope === undefined ? defaultScope(descriptor) : scopeFrom(options.scope),
      params: { ...paramsFrom(options, descriptor) },
      level: options.level ?? 'warning',
      isEnabled: true,
      coolDownSeconds: options.coolDown ?? null,
      actions: await actionsFrom(client, options, defaultActions),
    });
  });
  return printRule(context, options, rule);
}

export async function alertsEditCommand(context: CliContext, ruleId: string, options: RuleOptions): Promise<number> {
  const rule = await withEngine(context, async (client) => {
    const before = (await client.request('alerts.list', {})).rules.find((one) => one.id === ruleId);
    if (before === undefined)
      throw new UsageError(`There is no alert rule ${ruleId}.`, 'List them: wattrun alerts list');
    const descriptor = await descriptorOf(client, before.kind);
    const isNamedByUser = before.name !== nameOf(descriptor, before.params);
    return client.request('alerts.put', {
      id: ruleId,
      kind: before.kind,
      name: options.name ?? (isNamedByUser ? before.name : null),
      scope: options.scope === undefined ? before.scope : scopeFrom(options.scope),
      params: { ...before.params, ...paramsFrom(options, descriptor) },
      level: options.level ?? before.level,
      isEnabled: before.isEnabled,
      coolDownSeconds: options.coolDown ?? before.coolDownSeconds,
      actions: await actionsFrom(client, options, before.actions),
    });
  });
  return printRule(context, options, rule);
}

const printRule = (context: CliContext, { json }: RuleOptions, rule: AlertRule): number =>
  print(context, json === true, rule, () => `${rule.id}  ${plainText(rule.name)} (${plainText(rule.scopeLabel)})`);

type EngineClient = Parameters<Parameters<typeof withEngine>[1]>[0];

async function descriptorOf(client: EngineClient, kind: string): Promise<RuleDescriptor> {
  const { kinds } = await client.request('alerts.describe', {});
  const found = kinds.find((one) => one.kind === kind);
  if (found === undefined)
    throw new UsageError(
      `There is no kind of rule named ${kind}.`,
      `Kinds: ${kinds.map((one) => one.kind).join(', ')}`,
    );
  return found;
}

const nameOf = (descriptor: RuleDescriptor, params: AlertRule['params']): string =>
  descriptor.nameTemplate.replace(/\{(\w+)\}/g, (_, key: string) => String(params[key] ?? ''));

function paramsFrom(options: RuleOptions, descriptor: RuleDescriptor): AlertRuleInput['params'] {
  const short = { limitWatts: options.power, holdSeconds: options.for, clearSeconds: options.clearAfter };
  const params: Record<string, number | string> = {};
  for (const [key, value] of Object.entries(short)) if (value !== undefined) params[key] = value;
  for (const [key, text] of Object.entries(options.set)) {
    if (descriptor.choices.some((choice) => choice.key === key)) params[key] = text;
    else if (!descriptor.fields.some((field) => field.key === key))
      throw new UsageError(
        `${descriptor.kind} has no ${key}.`,
        `It has: ${[...descriptor.fields, ...descriptor.choices].map((one) => one.key).join(', ')}`,
      );
    else if (text.trim() === '' || !Number.isFinite(Number(text)))
      throw new UsageError(`${key} must be a number, not ${plainText(text)}.`);
    else params[key] = Number(text);
  }
  return params;
}

/** Destinations by id or name. */
async function actionsFrom(client: EngineClient, options: RuleOptions, before: RuleActions): Promise<RuleActions> {
  const destinationIds = options.to === undefined ? before.destinationIds : [];
  if (options.to !== undefined && options.to.length > 0) {
    const { destinations } = await client.request('destinations.list', {});
    for (const word of options.to) {
      const found = destinations.find((one) => one.id === word || one.name === word);
      if (found === undefined)
        throw new UsageError(`There is no destination ${word}.`, 'List them: wattrun alerts destinations list');
      destinationIds.push(found.id);
    }
  }
  return {
    isNotifying: options.notify ?? before.isNotifying,
    isSounding: options.sound ?? before.isSounding,
    isBadging: options.badge ?? before.isBadging,
    destinationIds,
    runAction: options.onRun ?? before.runAction,
    isAsking: options.withoutAsking === undefined ? before.isAsking : !options.withoutAsking,
  };
}

const defaultScope = ({ scopes }: RuleDescriptor): AlertScope => {
  const first = scopes.includes('machine') ? 'machine' : scopes.find((scope) => scope.startsWith('any-'));
  return {
    kind:
      first === 'any-gpu' || first === 'any-domain' || first === 'any-run' || first === 'any-project'
        ? first
        : 'machine',
  };
};

export function scopeFrom(words: string): AlertScope {
  if (
    words === 'machine' ||
    words === 'any-gpu' ||
    words === 'any-domain' ||
    words === 'any-run' ||
    words === 'any-project'
  )
    return { kind: words };
  const [, kind, name] = /^(run|project):(.+)$/.exec(words) ?? [];
  if (kind === 'run' && name !== undefined) return { kind: 'run', runId: name };
  if (kind === 'project' && name !== undefined) return { kind: 'project', project: name };
  if (/^(gpu|cpu|dram|module|wall):.+|^platform$/.test(words)) return { kind: 'domain', domainId: words };
  throw new UsageError(
    `${words} is no scope.`,
    'A scope is machine, any-gpu, any-domain, any-run, any-project, run:ID, project:NAME, or a domain such as cpu:0 or gpu:GPU-….',
  );
}
