import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readlink } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { findChromium } from '../../browser/chromium.ts';
import { type CdpConnection, connectCdp } from './cdp.ts';

export interface BrowserProcess {
  readonly cdp: CdpConnection;
  /** Where a second client, the test runner, may connect. */
  readonly endpoint: string;
  readonly description: string;
  /** Settles when the browser has ended, for whatever reason, and its profile is gone. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 3_000;

/**
 * The shell outlives this process and removes the profile whenever the browser ends. The browser ends when its
 * debugging pipe closes, so neither is left behind even when this process is killed with SIGKILL.
 */
const RUN_THEN_REMOVE_PROFILE = '"$@"; rm -rf -- "$0"';
/** What pages keep (localStorage) stays in the user's folder from one start to the next, as in Electron; what is for this start alone goes. */
const RUN_THEN_REMOVE_TMP = '"$@"; rm -rf -- "$0/tmp"';

function browserArgs(profile: string): readonly string[] {
  const isHeaded = process.env.STANDIN_HEADED === '1';
  return [
    ...(isHeaded ? [] : ['--headless']),
    `--user-data-dir=${profile}`,
    '--remote-debugging-port=0',
    '--remote-debugging-pipe',
    '--no-startup-window',
    // Module scripts are fetched as cross-origin, and every file is an origin of its own without this. In Electron
    // file pages have such privileges by default (grantFileProtocolExtraPrivileges).
    '--allow-file-access-from-files',
    '--disable-features=Translate,OptimizationHints,MediaRouter,NetworkTimeServiceQuerying',
  ];
}

/** Chromium keeps things in the home and configuration folders too; those go with the profile as well. */
function browserEnvironment(profile: string, tmp: string): NodeJS.ProcessEnv {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'); // holds the index of fonts, slow to rebuild
  return { ...process.env, TMPDIR: tmp, HOME: profile, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: cache };
}

function readEndpoint(browser: ChildProcess, stderr: Readable): Promise<string> {
  const lastLines: string[] = [];
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`Chromium ${why}\n${lastLines.join('\n')}`));
    const timer = setTimeout(() => fail(`did not start within ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS);
    browser.once('exit', (code) => fail(`ended with exit code ${code} before it was ready`));
    browser.once('error', (error) => fail(error.message));
    // Reading goes on after the endpoint was found: a full pipe would stop the browser.
    createInterface({ input: stderr }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > 20) lastLines.shift();
      const endpoint = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (endpoint === undefined) return;
      clearTimeout(timer);
      resolve(endpoint);
    });
  });
}

/** A headless shell opens a page by itself; Electron starts without one. */
async function closeStartPages(cdp: CdpConnection): Promise<void> {
  const { targetInfos } = await cdp.browser.send('Target.getTargets');
  const pages = (targetInfos as { targetId: string; type: string }[]).filter(({ type }) => type === 'page');
  for (const { targetId } of pages) await cdp.browser.send('Target.closeTarget', { targetId });
}

/** The user's own profile, but for a second start of the app: a Chromium already has it, and there can be one only. */
async function keptProfile(userData: string | null): Promise<string | null> {
  if (userData === null) return null;
  const profile = join(userData, 'standin-profile');
  const holder = await readlink(join(profile, 'SingletonLock')).catch(() => null); // 'host-pid'
  const pid = Number(holder?.split('-').at(-1) ?? Number.NaN);
  return Number.isInteger(pid) && isAlive(pid) ? null : profile;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** `userData`: the folder given with `--user-data-dir`, which then holds the profile; null: one for this start alone. */
export async function startBrowser(userData: string | null): Promise<BrowserProcess> {
  const chromium = await findChromium();
  const kept = await keptProfile(userData);
  const profile = kept ?? (await mkdtemp(join(tmpdir(), 'electron-standin-')));
  const tmp = join(profile, 'tmp'); // so that what the browser drops there goes with the profile
  await mkdir(tmp, { recursive: true });
  const command = [chromium.executablePath, ...chromium.args, ...browserArgs(profile)];
  const browser = spawn(
    '/bin/sh',
    ['-c', kept === null ? RUN_THEN_REMOVE_PROFILE : RUN_THEN_REMOVE_TMP, profile, ...command],
    {
      // A process group of its own: a signal to the whole group of the app must leave the shell to clean up.
      detached: true,
      env: browserEnvironment(profile, tmp),
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    },
  );
  const ended = new Promise<void>((resolve) => browser.once('exit', () => resolve()));
  const [, , stderr, toBrowser, fromBrowser] = browser.stdio;
  const endpoint = await readEndpoint(browser, stderr as Readable);
  const cdp = connectCdp(fromBrowser as Readable, toBrowser as Writable);
  await closeStartPages(cdp);

  return {
    cdp,
    endpoint,
    description: chromium.description,
    ended,
    async close() {
      cdp.browser.send('Browser.close').catch(() => undefined); // it may be gone before it answers
      const timeout = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref());
      await Promise.race([ended, timeout]);
      (toBrowser as Writable).destroy();
    },
  };
}
