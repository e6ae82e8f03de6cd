import { readFileSync, statSync } from 'node:fs';
import inspector from 'node:inspector';
import { createRequire, registerHooks } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { becomeReady, requestQuit } from '../electron/app.ts';
import { startBrowser } from './browser-process.ts';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import { bindHost, type Host } from './host.ts';

/** A main module that awaits `ready` at its top level waits for ever, in Electron too. */
const MAIN_TIMEOUT_MS = 15_000;

const say = (text: string): void => void process.stderr.write(`stand-in for Electron: ${text}\n`);

function findApp(commandLine: CommandLine): {
  readonly appPath: string;
  readonly main: string;
  readonly packageJson: object;
} {
  const given = resolve(commandLine.appPath ?? '.');
  if (statSync(given).isFile()) return { appPath: dirname(given), main: given, packageJson: {} };
  const packageJson = JSON.parse(readFileSync(join(given, 'package.json'), 'utf8')) as { readonly main?: string };
  return {
    appPath: given,
    main: createRequire(join(given, 'package.json')).resolve(`./${packageJson.main ?? 'index.js'}`),
    packageJson,
  };
}

/** From here on `electron` is the stand-in, for `import` and `require` alike, in this thread. */
function standInForElectron(): void {
  const url = new URL('../electron/electron.ts', import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      /^electron(\/(main|common))?$/.test(specifier) ? { url, shortCircuit: true } : next(specifier, context),
  });
}

function createHost(commandLine: CommandLine, app: ReturnType<typeof findApp>): Host {
  const browser = startBrowser(commandLine.switches.get('user-data-dir') || null);
  let isEnding = false;
  browser.then(
    async ({ ended }) => {
      await ended;
      if (isEnding) return;
      say('Chromium ended by itself');
      process.exit(1);
    },
    (error: unknown) => {
      say(String(error));
      process.exit(1);
    },
  );
  return {
    appPath: app.appPath,
    packageJson: app.packageJson,
    commandLine,
    browser,
    end(exitCode) {
      if (isEnding) return;
      isEnding = true;
      browser.then((process) => process.close()).finally(() => process.exit(exitCode));
    },
  };
}

async function importMain(main: string): Promise<void> {
  const warning = setTimeout(
    () => say(`${main} does not finish loading; does it await 'ready' at its top level?`),
    MAIN_TIMEOUT_MS,
  );
  await import(pathToFileURL(main).href);
  clearTimeout(warning);
}

/** Runs an app as `electron` would with these arguments. */
export async function start(args: readonly string[]): Promise<void> {
  const commandLine = parseCommandLine(args);
  if (commandLine.asksVersion) {
    process.stdout.write(`stand-in, NOT Electron (Node ${process.versions.node})\n`);
    return;
  }
  // Playwright waits for the line that this prints, and finds the app's main process there.
  if (commandLine.inspectPort !== null) inspector.open(commandLine.inspectPort, '127.0.0.1');
  const app = findApp(commandLine);
  process.argv = [process.execPath, app.appPath, ...commandLine.appArgs];
  const host = createHost(commandLine, app);
  bindHost(host);
  standInForElectron();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, requestQuit);

  await importMain(app.main);
  const browser = await host.browser;
  say(`this is not Electron; pages open in ${browser.description}`);
  if (commandLine.switches.has('remote-debugging-port'))
    process.stderr.write(`DevTools listening on ${browser.endpoint}\n`);
  becomeReady();
}
