import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openElectronWindow } from './electron-window.ts';
import type { Obstacle } from './start-decision.ts';

let root = '';
const electronFolder = (): string => join(root, 'node_modules/electron');
const said: string[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wattrun-window-'));
  said.length = 0;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Electron's package before its download; `installer` is the script that downloads. */
function installPackage(installer: string): void {
  mkdirSync(electronFolder(), { recursive: true });
  writeFileSync(join(electronFolder(), 'package.json'), '{"version":"45.0.0"}');
  writeFileSync(join(electronFolder(), 'install.js'), installer);
}

/** A program in Electron's place. */
function installBinary(script: string): void {
  mkdirSync(join(electronFolder(), 'dist'), { recursive: true });
  writeFileSync(join(electronFolder(), 'path.txt'), 'electron');
  writeFileSync(join(electronFolder(), 'dist/version'), '45.0.0');
  const path = join(electronFolder(), 'dist/electron');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

function open(environment: Record<string, string> = {}): Promise<Obstacle | number> {
  return openElectronWindow({
    root,
    platform: 'linux',
    userId: 1000,
    environment: { DISPLAY: ':0', ...environment },
    say: (text) => void said.push(text),
  });
}

const listenerCount = (): number =>
  ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'].reduce((sum, name) => sum + process.listenerCount(name), 0);

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe.skipIf(process.platform === 'win32')('a window of Electron', () => {
  it('is open until the user closes it; the program is given the project', async () => {
    installPackage('');
    installBinary(`echo "$1" > '${join(root, 'argument')}'`);
    const before = listenerCount();
    expect(await open()).toBe(0);
    expect(readFileSync(join(root, 'argument'), 'utf8').trim()).toBe(root);
    expect(listenerCount()).toBe(before);
  });

  it('is not there where Electron dies at once', async () => {
    installPackage('');
    installBinary('exit 3');
    expect(await open()).toEqual({ kind: 'died', detail: 'code 3' });
    installBinary('kill -TRAP $$');
    expect(await open()).toEqual({ kind: 'died', detail: 'SIGTRAP' });
  });

  it('is that of ELECTRON_OVERRIDE_DIST_PATH where that is set, fetched or not', async () => {
    installPackage('process.exit(9)');
    writeFileSync(join(root, 'electron'), '#!/bin/sh\nexit 4\n', { mode: 0o755 });
    expect(await open({ ELECTRON_OVERRIDE_DIST_PATH: root })).toEqual({ kind: 'died', detail: 'code 4' });
  });

  it('ends with the signal that asks for it, and nothing else follows', async () => {
    installPackage('');
    installBinary(`echo $$ > '${join(root, 'pid')}'; exec sleep 60`);
    const before = listenerCount();
    const ended = open();
    await until(() => existsSync(join(root, 'pid')) && readFileSync(join(root, 'pid'), 'utf8').endsWith('\n'));
    process.emit('SIGHUP', 'SIGHUP');
    // SIGHUP is 1: 128 + 1.
    expect(await ended).toBe(129);
    expect(isAlive(Number(readFileSync(join(root, 'pid'), 'utf8')))).toBe(false);
    expect(listenerCount()).toBe(before);
  });
});

describe.skipIf(process.platform === 'win32')('the download', () => {
  const hanging = (): string =>
    `require('fs').writeFileSync(${JSON.stringify(join(root, 'pid'))}, String(process.pid)); setInterval(() => {}, 1000);`;
  const pid = (): number => Number(readFileSync(join(root, 'pid'), 'utf8'));

  it('is not tried where there is no package, or no wish', async () => {
    expect(await open()).toEqual({ kind: 'not-installed' });
    installPackage('');
    expect(await open({ WATTRUN_FETCH_SECONDS: '0' })).toEqual({ kind: 'fetch-off' });
  });

  it('opens what it has brought', async () => {
    installBinary('exit 0');
    rmSync(join(electronFolder(), 'dist/version'));
    installPackage("require('fs').writeFileSync(__dirname + '/dist/version', 'v45.0.0')");
    expect(await open()).toBe(0);
  });

  it('gives its cause where it fails', async () => {
    installPackage("console.error('Error: getaddrinfo ENOTFOUND github.com'); process.exit(1)");
    expect(await open()).toEqual({ kind: 'not-fetched', detail: 'getaddrinfo ENOTFOUND github.com' });
  });

  it('is killed when its time is over', async () => {
    installPackage(hanging());
    expect(await open({ WATTRUN_FETCH_SECONDS: '1' })).toEqual({ kind: 'fetch-timeout', detail: '1 s' });
    if (existsSync(join(root, 'pid'))) expect(isAlive(pid())).toBe(false);
  });

  it('ends with the signal that asks for it', async () => {
    installPackage(hanging());
    const ended = open();
    await until(() => existsSync(join(root, 'pid')) && readFileSync(join(root, 'pid'), 'utf8') !== '');
    process.emit('SIGHUP', 'SIGHUP');
    expect(await ended).toBe(129);
    expect(isAlive(pid())).toBe(false);
  });
});
