import { spawn } from 'node:child_process';
import { type EngineOwner, openDemoOwner, openEngineOwner } from '../../engine/ownership/engine-owner.ts';
import { readAddress } from '../../engine/ownership/ownership.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { CliContext } from '../context.ts';
import { keepProcessLean } from '../lean-process.ts';
import { tellSetAside } from '../record.ts';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly isOpening: boolean;
  readonly isJson: boolean;
}

const probeLimitMs = 4000;

/** Serves the UI and the API of this machine's engine until a signal ends it. */
export async function serveCommand(context: CliContext, options: ServeOptions): Promise<number> {
  const { version, directory, environment, uiDirectory, log } = context;
  keepProcessLean();
  const owner = await openEngineOwner({
    version,
    directory,
    environment,
    uiDirectory,
    host: options.host,
    port: options.port,
    probeLimitMs,
    canDemo: true,
    log,
    onSetAside: tellSetAside(context),
  });
  if (owner === null) return pointToOwner(context, options);
  return untilSignal(context, owner, options);
}

/** Another process measures here already: whoever wants to look is sent there, whoever wants to serve is told. */
function pointToOwner(context: CliContext, options: ServeOptions): number {
  const address = readAddress(context.directory);
  const openUrl = address === null ? undefined : `${address.url}?token=${address.token}`;
  if (options.isOpening && openUrl !== undefined) {
    context.show(`Wattrun is already running, at ${openUrl}`);
    openBrowser(openUrl, context);
    return 0;
  }
  throw new WattrunError(
    'host/refused',
    `Wattrun is already running on this machine${address === null ? '' : ` (process ${address.pid})`}.`,
    openUrl === undefined ? undefined : `It serves ${openUrl}`,
  );
}

/** The same for the simulated server: nothing is measured and nothing kept. */
export async function demoCommand(context: CliContext, options: ServeOptions): Promise<number> {
  const { version, uiDirectory, log } = context;
  const owner = await openDemoOwner({ version, uiDirectory, host: options.host, port: options.port, log });
  if (!options.isJson) context.say('Simulated server: every number is made up.');
  return untilSignal(context, owner, options);
}

async function untilSignal(context: CliContext, owner: EngineOwner, options: ServeOptions): Promise<number> {
  const { server } = owner;
  if (options.isJson) context.out(`${JSON.stringify(server.address)}\n`);
  else {
    if (context.uiDirectory === null)
      context.say('The UI is not built; only the API answers. Build it with: npm run build');
    context.show(`Wattrun is at ${server.openUrl}`);
    context.say('Ctrl-C ends it.');
  }
  if (options.host !== '127.0.0.1' && options.host !== 'localhost')
    context.say(
      `It listens on ${options.host}: whoever has the token can use it, and the connection is not encrypted.`,
    );
  if (options.isOpening) openBrowser(server.openUrl, context);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    process.once('SIGHUP', () => resolve());
  });
  await owner.close();
  return 0;
}

/** The user's browser, where there is a screen for it; the address is printed in any case. */
function openBrowser(url: string, context: CliContext): void {
  const { environment } = context;
  if (process.platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY) return;
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['explorer.exe', url]
        : ['xdg-open', url];
  const child = spawn(command ?? '', args, { stdio: 'ignore', detached: true });
  child.on('error', () => context.log('no browser could be opened'));
  child.unref();
}
