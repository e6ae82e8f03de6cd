// `npm start`: the app; where Electron cannot open a window, the same pages in a browser.
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBuildNeed } from './start-build.mjs';
import { earlyDeath, exitCodeOf, fetchLimitSeconds, knownObstacle, obstacleSentence } from './start-decision.mjs';
import { electronBinary, fetchElectron } from './start-electron.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (/** @type {string} */ text) => void process.stderr.write(`${text}\n`);

/** @type {import('node:child_process').ChildProcess | null} */
let child = null;
let wasAsked = false;

// Ctrl-C reaches the child by itself, it is in the same group; the others come to this process alone.
process.on('SIGINT', () => {
  wasAsked = true;
  if (child === null) process.exit(130);
});
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    wasAsked = true;
    if (child === null) process.exit(exitCodeOf(null, signal));
    else child.kill(signal);
  });
}

// npm that is ended does not always end what it started; whoever has lost it ends too.
const parent = process.ppid;
if (process.env.npm_lifecycle_event === 'start')
  setInterval(() => process.ppid !== parent && process.kill(process.pid, 'SIGTERM'), 1000).unref();

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null, aliveSeconds: number }>}
 */
function run(command, args) {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const started = spawn(command, args, { stdio: 'inherit', cwd: process.cwd() });
    child = started;
    /** @type {(code: number | null, signal: NodeJS.Signals | null) => void} */
    const end = (code, signal) => {
      child = null;
      resolve({ code, signal, aliveSeconds: (performance.now() - startedMs) / 1000 });
    };
    started.once('error', (error) => {
      say(error.message);
      end(127, null);
    });
    started.once('exit', end);
  });
}

function build() {
  const need = readBuildNeed(root);
  if (need === 'none') return;
  say(need === 'missing' ? 'Building Wattrun, once.' : 'Building Wattrun anew: its sources have changed.');
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], {
    stdio: ['ignore', 2, 2],
    cwd: root,
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** @returns {Promise<import('./start-decision.mjs').Obstacle | number>} what is in the way, or the exit code of a window that was open */
async function openWindow() {
  const userId = process.getuid?.() ?? null;
  const known = knownObstacle({ platform: process.platform, userId, environment: process.env });
  if (known !== null) return known;
  if (electronBinary(root) === null) {
    const obstacle = await fetchElectron(root, fetchLimitSeconds(process.env));
    if (obstacle !== null) return obstacle;
  }
  const { code, signal, aliveSeconds } = await run(electronBinary(root) ?? '', [root, ...process.argv.slice(2)]);
  return earlyDeath({ code, signal, aliveSeconds, wasAsked }) ?? exitCodeOf(code, signal);
}

async function main() {
  build();
  const outcome = await openWindow();
  if (wasAsked) return typeof outcome === 'number' ? outcome : 130;
  if (typeof outcome === 'number') return outcome;
  say(obstacleSentence(outcome));
  const served = await run(process.execPath, [join(root, 'bin/wattrun.mjs'), 'serve', '--open']);
  return exitCodeOf(served.code, served.signal);
}

process.exitCode = await main();
