#!/usr/bin/env node
// Stands in for Electron's executable: `electron-standin.mjs [switches] <app> [arguments]`. See README.md.
import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** The Node of current Electron; it also strips types. */
const NEEDED_MAJOR = 24;
/** In the environment of a second process: it has to end when this pipe does, so that killing the first ends both. */
const LIFELINE = 'ELECTRON_STANDIN_LIFELINE_FD';

const args = process.argv.slice(2);

function runUnderNeededNode() {
  const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
  const env = { ...process.env, [LIFELINE]: '3' };
  const stdio = ['inherit', 'inherit', 'inherit', 'pipe'];
  const child = spawn(node, [fileURLToPath(import.meta.url), ...args], { env, stdio });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`stand-in for Electron: needs Node ${NEEDED_MAJOR}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code) => process.exit(code ?? 1));
}

function holdLifeline() {
  const fd = process.env[LIFELINE];
  if (fd === undefined) return;
  delete process.env[LIFELINE];
  const lifeline = new Socket({ fd: Number(fd), readable: true, writable: false });
  lifeline.on('close', () => process.exit(1));
  lifeline.resume();
  lifeline.unref();
}

if (Number.parseInt(process.versions.node, 10) < NEEDED_MAJOR) {
  runUnderNeededNode();
} else {
  holdLifeline();
  const { start } = await import('./host/start.ts');
  await start(args);
}
