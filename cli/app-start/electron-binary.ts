import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import { fetchObstacle, type Obstacle } from './start-decision.ts';

/** Electron's package, in the project's own folder or beside it where Wattrun is a package of another project. */
export interface ElectronPackage {
  readonly folder: string;
  /** Its executable where it is installed whole; null: still to be fetched. */
  readonly executable: string | null;
}

/**
 * Found by its files: requiring the module would start a download.
 * `distDirectory` is what ELECTRON_OVERRIDE_DIST_PATH names, a folder with an Electron of the user's own.
 */
export function findElectron(root: string, distDirectory: string | undefined): ElectronPackage | null {
  const folder = [join(root, 'node_modules/electron'), join(root, '../electron')].find((path) =>
    existsSync(join(path, 'package.json')),
  );
  if (folder === undefined) return null;
  const name = readLine(join(folder, 'path.txt'));
  const executable = distDirectory ? join(distDirectory, name ?? 'electron') : wholeExecutable(folder, name);
  return { folder, executable: executable !== null && existsSync(executable) ? executable : null };
}

/** A download that was cut off leaves files without the version, an update leaves those of the last one. */
function wholeExecutable(folder: string, name: string | null): string | null {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string };
  const isWhole = readLine(join(folder, 'dist/version'))?.replace(/^v/, '') === version;
  return isWhole && name !== null ? join(folder, 'dist', name) : null;
}

function readLine(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}

export interface FetchOptions {
  readonly limitSeconds: number;
  readonly isInstalled: () => boolean;
  /** Told of the child that downloads, as soon as there is one. */
  readonly onChild: (child: ChildProcess) => void;
}

/** Downloads Electron by its own installer, within a limit, saying how long it has been at it. Gives null where it is there now. */
export async function fetchElectron(folder: string, options: FetchOptions): Promise<Obstacle | null> {
  const { limitSeconds, isInstalled } = options;
  if (limitSeconds === 0) return fetchObstacle({ isInstalled: false, isTimedOut: false, limitSeconds, said: '' });
  const { said, isTimedOut } = await runInstaller(join(folder, 'install.js'), options);
  return fetchObstacle({ isInstalled: isInstalled(), isTimedOut, limitSeconds, said });
}

function runInstaller(
  installer: string,
  { limitSeconds, onChild }: FetchOptions,
): Promise<{ readonly said: string; readonly isTimedOut: boolean }> {
  return new Promise((resolve) => {
    const startedMs = performance.now();
    const child = spawn(process.execPath, [installer], { stdio: ['ignore', 'ignore', 'pipe'] });
    onChild(child);
    let said = '';
    let isTimedOut = false;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-20_000);
    });
    const closeProgress = showProgress(() => secondsFromMs(performance.now() - startedMs), limitSeconds);
    const limit = setTimeout(() => {
      isTimedOut = true;
      child.kill('SIGKILL');
    }, msFromSeconds(limitSeconds));
    const end = (): void => {
      clearTimeout(limit);
      closeProgress();
      resolve({ said, isTimedOut });
    };
    child.once('error', (error) => {
      said = String(error);
      end();
    });
    child.once('close', end);
  });
}

function showProgress(elapsedSeconds: () => number, limitSeconds: number): () => void {
  const { stderr } = process;
  const say = (): void => {
    const text = `Downloading Electron, once (about 110 MB): ${Math.round(elapsedSeconds())} s of at most ${limitSeconds} s`;
    stderr.write(stderr.isTTY ? `\r${text}` : `${text}\n`);
  };
  say();
  const timer = setInterval(say, stderr.isTTY ? 1000 : 10_000);
  return () => {
    clearInterval(timer);
    if (stderr.isTTY) stderr.write('\n');
  };
}
