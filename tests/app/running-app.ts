import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ElectronApplication, Page } from '@playwright/test';
import { findElectronHost, firstLoadedWindow, launchApp } from '../standin/launch.ts';
import { prepareWelcomedHome } from '../welcomed-home.ts';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The built app with a user, a data directory and temporary files of its own. */
export interface RunningApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly folder: string;
  /** Everything the app has logged so far. */
  log(): string;
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
}

export const createFolder = (): string => mkdtempSync(join(tmpdir(), 'wattrun-app-'));
export const removeFolder = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
export const dataDirectory = (folder: string): string => join(folder, 'data');

const environmentIn = (folder: string): Record<string, string> => ({
  WATTRUN_HOME: dataDirectory(folder),
  TMPDIR: folder,
  XDG_CONFIG_HOME: join(folder, 'config'),
});

export async function startApp(folder: string, args: readonly string[] = []): Promise<RunningApp> {
  prepareWelcomedHome(dataDirectory(folder));
  const app = await launchApp({
    appPath: projectRoot,
    userDataDir: join(folder, 'user'),
    env: environmentIn(folder),
    args,
  });
  const child = app.process();
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => {
      log += String(text);
    });
  const exited = new Promise<number | null>((resolve) => void child.once('exit', (code) => resolve(code)));
  return { app, folder, exited, log: () => log, page: await firstLoadedWindow(app) };
}

/** Starts it once more for the same user, as a link or an icon would; gives its exit code. */
export function startAgain(folder: string, args: readonly string[] = []): Promise<number | null> {
  const { executablePath } = findElectronHost();
  const second = spawn(executablePath, [`--user-data-dir=${join(folder, 'user')}`, projectRoot, ...args], {
    env: { ...process.env, ...environmentIn(folder) },
    stdio: 'ignore',
  });
  return new Promise((resolve) => void second.once('exit', resolve));
}

/** `wattrun serve` in the same data directory: another owner of the engine. */
export async function startServe(folder: string): Promise<ChildProcess> {
  prepareWelcomedHome(dataDirectory(folder));
  const command = [join(projectRoot, 'out/main/cli.js'), 'serve', '--json'];
  const child = spawn(process.execPath, command, {
    env: { ...process.env, ...environmentIn(folder) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}`)));
  });
  return child;
}

export interface Address {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
}

/** Who owns the engine now; null: nobody. */
export function readAddress(folder: string): Address | null {
  const path = join(dataDirectory(folder), 'engine.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Address) : null;
}

export async function callApi(folder: string, path: string, body: object): Promise<Record<string, unknown>> {
  const address = readAddress(folder);
  if (address === null) throw new Error('no engine has published its address');
  const response = await fetch(new URL(path, address.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${address.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

/** A request as the page would make it, over its own pipe. */
export async function ask<T = Record<string, unknown>>(
  page: Page,
  contract: 'engine' | 'host',
  name: string,
  payload: object = {},
): Promise<T> {
  return page.evaluate(
    ([contract, name, payload]) =>
      new Promise<T>((resolve, reject) => {
        const pipe = (window as unknown as { wattrun: Pipe }).wattrun;
        // Far from the ids that the page's own clients use.
        const id = 1_000_000 + Math.floor(Math.random() * 1_000_000);
        const stop = pipe.onMessage((message) => {
          if (message.id !== id || message.contract !== contract) return;
          stop();
          if (message.kind === 'result') resolve(message.result as T);
          else reject(new Error(`${message.error?.code}: ${message.error?.message}`));
        });
        pipe.send({ kind: 'request', contract, id, name, payload });
        setTimeout(() => reject(new Error(`${name} was not answered`)), 30_000);
      }),
    [contract, name, payload] as const,
  );
}

interface Pipe {
  send(message: object): void;
  onMessage(
    listener: (message: {
      kind: string;
      contract: string;
      id?: number;
      result?: unknown;
      error?: { code: string; message: string };
    }) => void,
  ): () => void;
}

/** Living processes whose command line names the folder; Linux only. */
export function processesIn(folder: string): readonly string[] {
  const commandLineOf = (pid: string): string => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return ''; // ended between the two looks
    }
  };
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(commandLineOf).filter((commandLine) => commandLine.includes(folder));
}
