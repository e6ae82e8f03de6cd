import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchObstacle } from './start-decision.mjs';

/**
 * Electron's executable where it is installed whole. Found by its files: requiring the module would start a download.
 * @param {string} root the project's folder
 * @returns {string | null}
 */
export function electronBinary(root) {
  const folder = join(root, 'node_modules/electron');
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const executable = join(override ?? join(folder, 'dist'), readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    const isWhole = override || readFileSync(join(folder, 'dist/version'), 'utf8').trim().replace(/^v/, '') === version;
    return isWhole && existsSync(executable) ? executable : null;
  } catch {
    return null; // not installed, or not wholly
  }
}

/**
 * Downloads Electron by its own installer, within a limit, saying how long it has been at it.
 * @param {string} root
 * @param {number} limitSeconds
 * @returns {Promise<import('./start-decision.mjs').Obstacle | null>} null: it is there now
 */
export async function fetchElectron(root, limitSeconds) {
  if (limitSeconds === 0) return fetchObstacle({ isInstalled: false, isTimedOut: false, limitSeconds, said: '' });
  const { said, isTimedOut } = await runInstaller(join(root, 'node_modules/electron/install.js'), limitSeconds);
  return fetchObstacle({ isInstalled: electronBinary(root) !== null, isTimedOut, limitSeconds, said });
}

/**
 * @param {string} installer
 * @param {number} limitSeconds
 * @returns {Promise<{ said: string, isTimedOut: boolean }>}
 */
function runInstaller(installer, limitSeconds) {
  return new Promise((resolve) => {
    const startedMs = performance.now();
    const child = spawn(process.execPath, [installer], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    let isTimedOut = false;
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said = (said + text).slice(-20_000);
    });
    const progress = showProgress(() => Math.round((performance.now() - startedMs) / 1000), limitSeconds);
    const limit = setTimeout(() => {
      isTimedOut = true;
      child.kill('SIGKILL');
    }, limitSeconds * 1000);
    const end = () => {
      clearTimeout(limit);
      progress.close();
      resolve({ said, isTimedOut });
    };
    child.once('error', (error) => {
      said = String(error);
      end();
    });
    child.once('close', end);
  });
}

/**
 * @param {() => number} elapsedSeconds
 * @param {number} limitSeconds
 * @returns {{ close(): void }}
 */
function showProgress(elapsedSeconds, limitSeconds) {
  const { stderr } = process;
  const say = () => {
    const text = `Downloading Electron, once (about 110 MB): ${elapsedSeconds()} s of at most ${limitSeconds} s`;
    stderr.write(stderr.isTTY ? `\r${text}` : `${text}\n`);
  };
  say();
  const timer = setInterval(say, stderr.isTTY ? 1000 : 10_000);
  return {
    close() {
      clearInterval(timer);
      if (stderr.isTTY) stderr.write('\n');
    },
  };
}
