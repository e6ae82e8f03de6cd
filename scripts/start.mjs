// `npm start`: builds what is missing, then is `wattrun`.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBuildNeed } from './start-build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const parent = process.ppid;

/**
 * @param {'missing' | 'stale'} need
 * @returns {Promise<number>} its exit code; 128 + n where signal n has broken it off
 */
function build(need) {
  const text = need === 'missing' ? 'Building Wattrun, once.' : 'Building Wattrun anew: its sources have changed.';
  process.stderr.write(`${text}\n`);
  const child = spawn(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: ['ignore', 2, 2], cwd: root });
  /** @type {NodeJS.Signals | null} */
  let asked = null;
  const listen = (/** @type {NodeJS.Signals} */ signal) => {
    asked ??= signal;
    child.kill(signal);
  };
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, listen);
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      for (const signal of signals) process.off(signal, listen);
      resolve(asked === null ? (code ?? 1) : 128 + constants.signals[asked]);
    });
  });
}

const need = readBuildNeed(root);
const code = need === 'none' ? 0 : await build(need);
// npm that is ended does not always end what it started.
if (code !== 0 || process.ppid !== parent) process.exit(code);
await import('../bin/wattrun.mjs');
