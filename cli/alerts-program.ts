import { createInterface } from 'node:readline/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { alertRuleInputSchema } from '../shared/model/alert.ts';
import {
  addressSchema,
  destinationInputSchema,
  destinationSecretsSchema,
  mailSecurities,
  webhookTemplates,
} from '../shared/model/destination.ts';
import { alertsAddCommand, alertsEditCommand, type RuleOptions } from './commands/alert-rules.ts';
import {
  alertsAcknowledgeCommand,
  alertsAnswerCommand,
  alertsEnableCommand,
  alertsListCommand,
  alertsLogCommand,
  alertsPresetsCommand,
  alertsQuietCommand,
  alertsRemoveCommand,
  alertsSnoozeCommand,
  alertsTestCommand,
  controlCommand,
  kindsCommand,
} from './commands/alerts.ts';
import {
  destinationsAddCommand,
  destinationsConfirmCommand,
  destinationsEnableCommand,
  destinationsListCommand,
  destinationsRemoveCommand,
  destinationsTestCommand,
  secretFrom,
} from './commands/destinations.ts';
import type { CliContext } from './context.ts';
import { numberArgument, wholeNumberArgument } from './number-argument.ts';
import { schemaArgument } from './schema-argument.ts';

type Exit = (code: number) => void;
interface Json {
  readonly json?: boolean;
}

const ruleNameArgument = schemaArgument(alertRuleInputSchema.shape.name, 'It must have at most 120 characters.');
const destinationNameArgument = schemaArgument(destinationInputSchema.shape.name, 'It must have 1 to 80 characters.');
const urlArgument = schemaArgument(
  destinationSecretsSchema.shape.url,
  'It must be an address that begins with https:// or http://.',
);
const addressArgument = schemaArgument(addressSchema, 'It must be an e-mail address: name@example.org.');
const addressesArgument = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  addressArgument(text),
];

const isJson = ({ json }: Json): boolean => json === true;
const collect = (word: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), word];

function collectSettings(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [key = '', ...value] = text.split('=');
  if (key === '' || value.length === 0) throw new InvalidArgumentError('It is key=value: limitCelsius=85.');
  return { ...before, [key]: value.join('=') };
}

/** '30m', '2h', '1d', or seconds; 'off' is 0. */
function durationArgument(text: string): number {
  const [, number = '', unit = 's'] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
  if (text === 'off') return 0;
  if (number === '') throw new InvalidArgumentError('It must be a time such as 90s, 30m, 2h or 1d, or off.');
  return Number(number) * { s: 1, m: 60, h: 3600, d: 86_400 }[(unit || 's') as 's' | 'm' | 'h' | 'd'];
}

/** `wattrun alerts …`, `pause` and `resume`: all that the page can do. */
export function addAlerts(program: Command, context: CliContext, exit: Exit): void {
  const alerts = program.command('alerts').description('Rules, budgets and whom they tell');
  addRules(alerts, context, exit);
  addWatching(alerts, context, exit);
  addDestinations(alerts, context, exit);
  for (const action of ['pause', 'resume'] as const)
    program
      .command(action)
      .description(action === 'pause' ? 'Hold the processes of a running run' : 'Let a paused run go on')
      .argument('<run>')
      .option('--json')
      .action(async (run: string, { json }: Json) =>
        exit(await controlCommand(context, run, { action, json: json === true })),
      );
}

function addRules(alerts: Command, context: CliContext, exit: Exit): void {
  alerts
    .command('kinds')
    .description('Every kind of rule, what it means and what it can be told')
    .option('--json')
    .action(async (options: Json) => exit(await kindsCommand(context, isJson(options))));
  alerts
    .command('list')
    .description('Rules with what they read now, and budgets with where they are heading')
    .option('--json')
    .action(async (options: Json) => exit(await alertsListCommand(context, isJson(options))));
  ruleOptions(alerts.command('add').description('Add a rule: by --power, or of any --kind'))
    .option('--kind <kind>', 'see: wattrun alerts kinds')
    .action(async (options: RuleOptions) => exit(await alertsAddCommand(context, options)));
  ruleOptions(alerts.command('edit').description('Change a rule; what is left out stays').argument('<id>')).action(
    async (id: string, options: RuleOptions) => exit(await alertsEditCommand(context, id, options)),
  );
  alerts
    .command('remove')
    .argument('<id>')
    .option('--json')
    .action(async (id: string, options: Json) => exit(await alertsRemoveCommand(context, id, isJson(options))));
  for (const word of ['enable', 'disable'] as const)
    alerts
      .command(word)
      .argument('<id>')
      .option('--json')
      .action(async (id: string, options: Json) =>
        exit(await alertsEnableCommand(context, id, { isEnabled: word === 'enable', json: isJson(options) })),
      );
  alerts
    .command('presets')
    .description('Rules that make sense on the hardware found')
    .option('--add <preset>', 'add it, may be repeated', collect)
    .option('--all', 'add all that are not there')
    .option('--json')
    .action(async (options: { add?: readonly string[]; all?: boolean; json?: boolean }) =>
      exit(await alertsPresetsCommand(context, options)),
    );
}

const ruleOptions = (command: Command): Command =>
  command
    .option('--power <watts>', 'limit in watts', numberArgument(1, 1e6))
    .option('--for <seconds>', 'how long it must hold', numberArgument(0, 86_400))
    .option('--clear-after <seconds>', 'how long it must be over until it clears', numberArgument(0, 86_400))
    .option('--set <key=value>', 'any value of the kind, may be repeated', collectSettings, {})
    .option(
      '--scope <scope>',
      'machine, any-gpu, any-run, run:ID, any-project, project:NAME, or a domain such as cpu:0',
    )
    .option('--name <name>', 'in place of the one it gets by its kind', ruleNameArgument)
    .addOption(new Option('--level <level>').choices(['note', 'warning', 'critical']))
    .option('--cool-down <time>', 'not again for so long: 10m', durationArgument)
    .option('--notify', 'a notification on the desktop (default)')
    .option('--no-notify')
    .option('--sound', 'a sound in the app')
    .option('--no-sound')
    .option('--badge', 'the tray shows it (default)')
    .option('--no-badge')
    .option('--to <destination>', 'id or name of a destination, may be repeated', collect)
    .addOption(
      new Option('--on-run <action>', 'what to do with the runs it is about').choices(['none', 'pause', 'stop']),
    )
    .option('--without-asking', 'pause or stop at once')
    .option('--json');

function addWatching(alerts: Command, context: CliContext, exit: Exit): void {
  alerts
    .command('snooze')
    .description('Tell nobody of a rule for a while; it goes on being logged')
    .argument('<id>')
    .argument('[time]', '30m, 2h, 1d, or off', durationArgument, 3600)
    .option('--json')
    .action(async (id: string, seconds: number, options: Json) =>
      exit(await alertsSnoozeCommand(context, id, { seconds, json: isJson(options) })),
    );
  alerts
    .command('acknowledge')
    .argument('<alert>', 'an id of the log')
    .option('--json')
    .action(async (id: string, options: Json) => exit(await alertsAcknowledgeCommand(context, id, isJson(options))));
  alerts
    .command('answer')
    .description('Say whether to pause or stop the runs that an alert is about')
    .argument('<alert>', 'an id of the log')
    .argument('<answer>', 'yes or no')
    .option('--json')
    .action(async (id: string, answer: string, options: Json) => {
      if (answer !== 'yes' && answer !== 'no') throw new InvalidArgumentError('The answer is yes or no.');
      exit(await alertsAnswerCommand(context, id, { isYes: answer === 'yes', json: isJson(options) }));
    });
  alerts
    .command('test')
    .description('Fire a rule as a test: everybody it tells is told')
    .argument('<id>')
    .option('--json')
    .action(async (id: string, options: Json) => exit(await alertsTestCommand(context, id, isJson(options))));
  alerts
    .command('log')
    .description('What fired, what it read, and who was told')
    .option('--json')
    .action(async (options: Json) => exit(await alertsLogCommand(context, isJson(options))));
  alerts
    .command('quiet')
    .description('Hours in which nobody is told: 22:00-07:00, or off')
    .argument('[hours]')
    .option('--hold-critical', 'critical alerts wait too')
    .option('--json')
    .action(async (hours: string | undefined, options: { holdCritical?: boolean; json?: boolean }) =>
      exit(await alertsQuietCommand(context, { hours, ...options })),
    );
}

function addDestinations(alerts: Command, context: CliContext, exit: Exit): void {
  const destinations = alerts.command('destinations').description('Where alerts are sent: webhooks, e-mail, commands');
  destinations
    .command('list')
    .option('--json')
    .action(async (options: Json) => exit(await destinationsListCommand(context, isJson(options))));
  addAdding(destinations.command('add').description('Add a webhook, an e-mail address or a command'), context, exit);
  destinations
    .command('confirm')
    .description('Let alerts run a command; asked again after each change of it')
    .argument('<id>')
    .option('--yes', 'do not ask')
    .option('--json')
    .action(async (id: string, options: { yes?: boolean; json?: boolean }) =>
      exit(
        await destinationsConfirmCommand(context, id, {
          isYes: options.yes === true,
          ask: process.stdin.isTTY === true ? askYes : null,
          json: isJson(options),
        }),
      ),
    );
  destinations
    .command('test')
    .description('Send a test there now')
    .argument('<id>')
    .option('--json')
    .action(async (id: string, options: Json) => exit(await destinationsTestCommand(context, id, isJson(options))));
  destinations
    .command('remove')
    .argument('<id>')
    .option('--json')
    .action(async (id: string, options: Json) => exit(await destinationsRemoveCommand(context, id, isJson(options))));
  for (const word of ['enable', 'disable'] as const)
    destinations
      .command(word)
      .argument('<id>')
      .option('--json')
      .action(async (id: string, options: Json) =>
        exit(await destinationsEnableCommand(context, id, { isEnabled: word === 'enable', json: isJson(options) })),
      );
}

function addAdding(add: Command, context: CliContext, exit: Exit): void {
  add
    .command('webhook')
    .argument('<url>', 'where it is sent', urlArgument)
    .addOption(new Option('--template <service>').choices([...webhookTemplates]).default('generic'))
    .option('--name <name>', 'what alerts call it', destinationNameArgument)
    .option('--secret-file <file>', 'signs what is sent (HMAC-SHA256); - reads stdin')
    .option('--token-file <file>', 'sent as Authorization: Bearer; - reads stdin')
    .option('--json')
    .action(async (url: string, options: WebhookOptions) =>
      exit(
        await destinationsAddCommand(
          context,
          {
            name: options.name ?? options.template,
            config: { kind: 'webhook', template: options.template },
            secrets: { url, signingSecret: secretFrom(options.secretFile), password: secretFrom(options.tokenFile) },
            isEnabled: true,
          },
          { isConfirmed: false, json: isJson(options) },
        ),
      ),
    );
  add
    .command('email')
    .argument('<address...>', 'whom it is sent to', addressesArgument)
    .requiredOption('--smtp <host>', 'mail server')
    .requiredOption('--from <address>', 'whom it is from', addressArgument)
    .option('--port <port>', 'default 587, or 465 with tls', wholeNumberArgument(1, 65_535))
    .addOption(new Option('--security <kind>').choices([...mailSecurities]).default('starttls'))
    .option('--user <user>')
    .option('--password-file <file>', '- reads stdin')
    .option('--name <name>', 'what alerts call it', destinationNameArgument)
    .option('--json')
    .action(async (to: string[], options: EmailOptions) =>
      exit(
        await destinationsAddCommand(
          context,
          {
            name: options.name ?? to[0] ?? 'e-mail',
            config: {
              kind: 'email',
              to,
              host: options.smtp,
              port: options.port ?? (options.security === 'tls' ? 465 : 587),
              security: options.security,
              user: options.user ?? null,
              from: options.from,
            },
            secrets: { password: secretFrom(options.passwordFile) },
            isEnabled: true,
          },
          { isConfirmed: false, json: isJson(options) },
        ),
      ),
    );
  add
    .command('command')
    .description('A program with its arguments after --; {run}, {rule} and others are filled in as whole arguments')
    .argument('<argv...>')
    .option('--name <name>', 'what alerts call it', destinationNameArgument)
    .option('--time-limit <seconds>', 'ended after so long', numberArgument(1, 600), 30)
    .option('--yes', 'confirm it at once')
    .option('--json')
    .passThroughOptions()
    .action(async (argv: string[], options: { name?: string; timeLimit: number; yes?: boolean; json?: boolean }) =>
      exit(
        await destinationsAddCommand(
          context,
          {
            name: options.name ?? argv[0] ?? 'command',
            config: { kind: 'command', argv, timeLimitSeconds: options.timeLimit },
            isEnabled: true,
          },
          { isConfirmed: options.yes === true, json: isJson(options) },
        ),
      ),
    );
}

interface WebhookOptions extends Json {
  readonly template: (typeof webhookTemplates)[number];
  readonly name?: string;
  readonly secretFile?: string;
  readonly tokenFile?: string;
}

interface EmailOptions extends Json {
  readonly smtp: string;
  readonly from: string;
  readonly port?: number;
  readonly security: (typeof mailSecurities)[number];
  readonly user?: string;
  readonly passwordFile?: string;
  readonly name?: string;
}

async function askYes(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}
