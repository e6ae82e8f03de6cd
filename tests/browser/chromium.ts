import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

export interface ChromiumForTests {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly kind: 'env' | 'system' | 'sparticuz';
  /** One line for the log: which browser ran the tests, and where it came from. */
  readonly description: string;
}

/**
 * Arguments every Chromium of the tests starts with: no sandbox (tests may run as root), no GPU, and nothing that
 * talks to the network by itself. No `--disable-features`: Chromium obeys the last one only, and Playwright brings its own.
 */
const QUIET_ARGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-domain-reliability',
  '--disable-breakpad',
  '--disable-crash-reporter',
  '--no-pings',
  '--metrics-recording-only',
  '--password-store=basic',
  '--use-mock-keychain',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
  // The page under test may lie behind another one; its timers must run at full speed all the same.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-hang-monitor',
  '--disable-popup-blocking',
];

/** The headless shell first, where there is one: the same engine without a browser's own windows, which take a quarter of a test's time. */
const SYSTEM_NAMES: readonly string[] = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];

/** The version line takes 0.1 s; a browser that needs this long to say its version does not work. */
const VERSION_TIMEOUT_MS = 20_000;
/** Unpacking takes about 3 s on two busy cores. */
const UNPACK_TIMEOUT_MS = 180_000;

const run = promisify(execFile);

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function findSystemChromium(): Promise<string | null> {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)].filter((folder) => folder !== '');
  for (const candidate of SYSTEM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    if (await isExecutable(candidate)) return candidate;
  }
  return null;
}

async function readVersion(executablePath: string): Promise<string> {
  const { stdout } = await run(executablePath, ['--no-sandbox', '--version'], { timeout: VERSION_TIMEOUT_MS });
  return stdout.trim();
}

async function createBrowser(
  kind: ChromiumForTests['kind'],
  executablePath: string,
  from: string,
): Promise<ChromiumForTests> {
  const version = await readVersion(executablePath).catch((cause: unknown) => {
    throw new Error(`${executablePath} (${from}) does not start as a browser`, { cause });
  });
  return { kind, executablePath, args: QUIET_ARGS, description: `${version}, ${from}: ${executablePath}` };
}

/** Runs in a process of its own, because the package unpacks into whatever TMPDIR says. */
const UNPACK_SCRIPT = `
  const { default: chromium } = await import(process.argv[1]);
  process.stdout.write(await chromium.executablePath());
`;

/**
 * The browser of the npm package, unpacked once beside the package. The package itself would unpack to a fixed place
 * in the temp folder and take a half-written file of another process for a whole one; a rename cannot be half done.
 */
async function unpackSparticuz(): Promise<string> {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('@sparticuz/chromium');
  const { version } = require(join(entry, '../../package.json')) as { readonly version: string };
  const cache = join(entry, '../../../../.cache/chromium-for-tests');
  const unpacked = join(cache, version);
  const executablePath = join(unpacked, 'chromium');
  if (existsSync(executablePath)) return executablePath;

  await mkdir(cache, { recursive: true });
  const staging = await mkdtemp(join(cache, 'unpacking-'));
  try {
    await run(process.execPath, ['--input-type=module', '-e', UNPACK_SCRIPT, pathToFileURL(entry).href], {
      env: { ...process.env, TMPDIR: staging },
      timeout: UNPACK_TIMEOUT_MS,
    });
    await rename(staging, unpacked);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    // Another test process was faster: its copy is as good.
    if (!existsSync(executablePath)) throw error;
  }
  return executablePath;
}

async function find(): Promise<ChromiumForTests> {
  const fromEnv = process.env.CHROMIUM_PATH;
  if (fromEnv !== undefined && fromEnv !== '') return createBrowser('env', fromEnv, 'from CHROMIUM_PATH');
  const system = await findSystemChromium();
  if (system !== null) return createBrowser('system', system, 'of the system');
  return createBrowser('sparticuz', await unpackSparticuz(), 'of the npm package @sparticuz/chromium (headless shell)');
}

let found: Promise<ChromiumForTests> | null = null;

/**
 * The Chromium that tests run in: `CHROMIUM_PATH`, else the system's, else the one of the npm package
 * `@sparticuz/chromium`, which is a headless shell of an earlier milestone.
 *
 * Give `executablePath` and `args` to Playwright's `launchOptions`; it adds `--headless` itself.
 */
export function findChromium(): Promise<ChromiumForTests> {
  found ??= find();
  return found;
}
