import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { msFromSeconds } from '../../../shared/units.ts';
import type { AlertMessage } from './alert-message.ts';
import { type Deliver, type Delivered, type DeliveryContext, delivered, failed } from './delivery.ts';

/** What an argument may be wholly made of, and its value. */
const placeholders: Readonly<Record<string, (message: AlertMessage) => string>> = {
  '{event}': (message) => message.event,
  '{title}': (message) => message.title,
  '{text}': (message) => message.text,
  '{rule}': ({ alert }) => alert.rule,
  '{kind}': ({ alert }) => alert.kind,
  '{level}': ({ alert }) => alert.level,
  '{scope}': ({ alert }) => alert.scope,
  '{value}': ({ alert }) => String(alert.value ?? ''),
  '{limit}': ({ alert }) => String(alert.limit ?? ''),
  '{unit}': ({ alert }) => alert.unit,
  '{run}': ({ alert }) => alert.runNames[0] ?? '',
  '{runId}': ({ alert }) => alert.runIds[0] ?? '',
  '{alertId}': ({ alert }) => alert.id,
  '{deliveryId}': (message) => message.deliveryId,
};
export const commandPlaceholders: readonly string[] = Object.keys(placeholders);

const shells = new Set([
  'sh',
  'bash',
  'dash',
  'zsh',
  'ksh',
  'fish',
  'cmd',
  'powershell',
  'pwsh',
  'eval',
  'env',
  'xargs',
  'ssh',
  'su',
  'sudo',
]);
const codeOptions = /^(-[a-z]*[ce]|--eval|--command|--exec|-command|\/c|-encodedcommand|-p|--print)$/i;

/**
 * Why a command cannot be taken: what comes from outside (a run's name) may stand where a program reads data, never where one reads code. Null: it can.
 */
export function commandProblem(argv: readonly string[]): string | null {
  const [program = '', ...rest] = argv;
  if (program.trim() === '') return 'The program is missing.';
  if (program in placeholders) return 'The program itself cannot be filled in.';
  if (argv.some((word) => word.includes('\0'))) return 'No argument may hold a NUL.';
  for (const [index, word] of rest.entries()) {
    if (!(word in placeholders)) continue;
    const before = rest[index - 1] ?? '';
    if (codeOptions.test(before)) return `${word} after ${before} would be run as code.`;
    const name = basename(program)
      .toLowerCase()
      .replace(/\.exe$/, '');
    if (shells.has(name) && !rest.slice(0, index).some((one) => !one.startsWith('-') && !(one in placeholders)))
      return `${word} would be run by ${name}.`;
  }
  return null;
}

/** Arguments with what was filled in: no control characters, and nothing that begins like an option or a file to be read. */
export const commandArguments = (argv: readonly string[], message: AlertMessage): readonly string[] =>
  argv.map((word) => {
    const fill = placeholders[word];
    return fill === undefined ? word : safeArgument(fill(message));
  });

const safeArgument = (text: string): string => {
  const plain = text.replaceAll(/\p{Cc}+/gu, ' ');
  return /^[-@+/~=]/.test(plain) ? ` ${plain}` : plain;
};

/** The same for programs that ask for it, word for word. */
function variablesOf(message: AlertMessage): Record<string, string> {
  const { alert } = message;
  const values: Readonly<Record<string, string>> = {
    EVENT: message.event,
    TITLE: message.title,
    TEXT: message.text,
    ID: alert.id,
    DELIVERY: message.deliveryId,
    RULE: alert.rule,
    KIND: alert.kind,
    LEVEL: alert.level,
    SCOPE: alert.scope,
    VALUE: String(alert.value ?? ''),
    LIMIT: String(alert.limit ?? ''),
    UNIT: alert.unit,
    RUN: alert.runNames[0] ?? '',
    RUN_ID: alert.runIds[0] ?? '',
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`WATTRUN_ALERT_${name}`, value.replaceAll('\0', '')]),
  );
}

/** Runs the confirmed command once, without a shell, and ends it and its group after the time limit. */
export const deliverCommand: Deliver = (message, { destination, signal, environment }) => {
  const { config } = destination;
  if (config.kind !== 'command') return Promise.resolve(failed('It is no command.', { isFinal: true }));
  if (!destination.isConfirmed)
    return Promise.resolve(failed('Nobody has confirmed this command: it was not run.', { isFinal: true }));
  const problem = commandProblem(config.argv);
  if (problem !== null) return Promise.resolve(failed(problem, { isFinal: true }));
  const [program = '', ...rest] = commandArguments(config.argv, message);
  return runOnce(program, rest, { message, timeLimitMs: msFromSeconds(config.timeLimitSeconds), signal, environment });
};

interface RunOptions {
  readonly message: AlertMessage;
  readonly timeLimitMs: number;
  readonly environment: DeliveryContext['environment'];
  readonly signal: AbortSignal;
}

function runOnce(program: string, rest: readonly string[], options: RunOptions): Promise<Delivered> {
  const { message, timeLimitMs, signal, environment } = options;
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      env: { ...environmentOf(environment), ...variablesOf(message) },
      stdio: 'ignore',
      shell: false,
      windowsHide: true,
      // A group of its own, so that what it starts ends with it.
      detached: process.platform !== 'win32',
    });
    let isLate = false;
    const end = (): void => {
      isLate = true;
      endGroup(child.pid, () => child.kill('SIGKILL'));
    };
    const timer = setTimeout(end, timeLimitMs);
    signal.addEventListener('abort', end, { once: true });
    const settle = (result: Delivered): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve(result);
    };
    child.on('error', (error) =>
      settle(
        failed('code' in error ? `It could not be started (${String(error.code)}).` : 'It could not be started.', {
          isFinal: true,
        }),
      ),
    );
    child.on('exit', (code) => {
      // What it left running in its group ends with it.
      endGroup(child.pid, () => undefined);
      if (code === 0) settle(delivered);
      else
        settle(
          failed(isLate ? 'It was ended: it took too long.' : `It ended with ${code ?? 'a signal'}.`, {
            isFinal: true,
          }),
        );
    });
  });
}

/** What a program needs to be found and to find its user; tokens and keys of this process are none of its business. */
const passedOn = [
  'PATH HOME USER LOGNAME LANG LC_ALL TZ TMPDIR DISPLAY WAYLAND_DISPLAY XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS',
  'SystemRoot Path PATHEXT TEMP USERPROFILE APPDATA',
].flatMap((names) => names.split(' '));

const environmentOf = (environment: DeliveryContext['environment']): Record<string, string> =>
  Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

function endGroup(pid: number | undefined, otherwise: () => void): void {
  if (pid === undefined || process.platform === 'win32') {
    otherwise();
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
    otherwise();
  }
}
