#!/usr/bin/env node
// The command. It needs Node 24.15 (node:sqlite); under an older one it hands over to the one the project brings.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, 'out/main/cli.js');
const needed = [24, 15];

function isNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > needed[0] || (major === needed[0] && minor >= needed[1]);
}

function fail(text) {
  process.stderr.write(`wattrun: ${text}\n`);
  process.exit(1);
}

function findNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return [`node_modules/node/bin/${name}`, `node_modules/.bin/${name}`, `../node/bin/${name}`]
    .map((path) => join(root, path))
    .find((path) => existsSync(path));
}

/**
 * What stays for days does without V8's helping threads: a tenth less CPU time and 4 MiB less memory. And it collects its garbage before the heap has grown: 5 MiB
 * less after ten minutes.
 */
const stays = ['serve', 'demo'].includes(process.argv[2] ?? '');
const flags = stays ? ['--single-threaded', '--optimize-for-size'] : [];
// Of a machine's GPUs each is asked for a sign of life on a thread of its own, and one is left for files.
if (stays) process.env.UV_THREADPOOL_SIZE ??= '10';

const canBecome = typeof process.execve === 'function' && process.platform !== 'win32';

/** This process goes on as another Node, with the same pid. */
function become(node, args) {
  // Node calls it experimental, on the user's terminal.
  process.removeAllListeners('warning');
  process.execve(node, [node, ...args], process.env);
}

/** Becomes the other Node where this one can, else stands before it: same files, same signals, same end. */
function handOver(node) {
  const args = [...flags, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  if (canBecome) become(node, args);
  const child = spawn(node, args, { stdio: 'inherit' });
  // A terminal sends these to both; passing them on would make two of one Ctrl-C.
  const isByTerminal = [0, 1, 2].some((fd) => isatty(fd));
  const fromTerminal = ['SIGINT', 'SIGQUIT'];
  const forwarded = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'];
  const listeners = new Map();
  for (const signal of forwarded.filter((name) => name in constants.signals && process.platform !== 'win32')) {
    const listener = () => {
      if (!(isByTerminal && fromTerminal.includes(signal))) child.kill(signal);
    };
    listeners.set(signal, listener);
    process.on(signal, listener);
  }
  child.once('error', (error) => fail(error.message));
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const [name, listener] of listeners) process.removeListener(name, listener);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 1000);
  });
}

if (!existsSync(cli)) fail('it is not built yet: run npm run build');
else if (isNewEnough() && canBecome && flags.some((flag) => !process.execArgv.includes(flag)))
  become(process.execPath, [...process.execArgv, ...flags, fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
else if (isNewEnough()) {
  // Compiled once, not at every start: the command waits for this.
  module.enableCompileCache();
  await import(pathToFileURL(cli).href);
} else {
  const node = findNode();
  if (node === undefined) fail(`it needs Node ${needed.join('.')} or newer, and this is ${process.version}`);
  else handOver(node);
}
