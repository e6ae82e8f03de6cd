import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { WattrunError } from '../../shared/contract/errors.ts';
import { dataDirectory, recordPath } from './data-directory.ts';
import { claimOwnership, readAddress, readToken } from './ownership.ts';

const scratch = mkdtempSync(join(tmpdir(), 'wattrun-ownership-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let folders = 0;
const freshFolder = (): string => join(scratch, `${folders++}`);

describe('the claim to the sampling', () => {
  it('is one process’s alone until it is given back', () => {
    const folder = freshFolder();
    const first = claimOwnership(folder);
    expect(first).not.toBeNull();
    expect(claimOwnership(folder)).toBeNull();
    first?.release();
    const second = claimOwnership(folder);
    expect(second).not.toBeNull();
    second?.release();
  });

  it('takes no room on the disk', () => {
    const folder = freshFolder();
    const ownership = claimOwnership(folder);
    expect(readdirSync(folder)).toEqual(['engine.lock']);
    expect(statSync(join(folder, 'engine.lock')).size).toBe(0);
    ownership?.release();
  });

  it('falls free when the process that has it is killed', async () => {
    const folder = freshFolder();
    const script = `
      import { claimOwnership } from '${join(import.meta.dirname, 'ownership.ts')}';
      const own = claimOwnership(process.argv[1]);
      own.publish({ url: 'http://127.0.0.1:1/', token: 't', pid: process.pid });
      process.stdout.write('claimed');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(claimOwnership(folder)).toBeNull();
    expect(readAddress(folder)?.pid).toBe(child.pid);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const next = claimOwnership(folder);
    expect(next).not.toBeNull();
    next?.release();
  });

  it('publishes an address that its user alone can read, and takes it back', () => {
    const folder = freshFolder();
    const ownership = claimOwnership(folder);
    const address = { url: 'http://127.0.0.1:4711/', token: 'secret', pid: 7 };
    ownership?.publish(address);
    expect(readAddress(folder)).toEqual(address);
    expect(statSync(join(folder, 'engine.json')).mode & 0o777).toBe(0o600);
    ownership?.release();
    expect(readAddress(folder)).toBeNull();
  });

  it('says what to do where the directory cannot be written', () => {
    writeFileSync(join(scratch, 'a-file'), '');
    const claim = (): unknown => claimOwnership(join(scratch, 'a-file', 'home'));
    expect(claim).toThrow(WattrunError);
    expect(claim).toThrow(/cannot write its data at .*a-file/);
  });
});

describe('an address that is none', () => {
  it.each([
    ['half a file', '{"url":"http://127'],
    ['another shape', '{"url":1,"token":"t","pid":2}'],
    ['nothing', ''],
  ])('is null: %s', (_, text) => {
    const folder = freshFolder();
    claimOwnership(folder)?.release();
    writeFileSync(join(folder, 'engine.json'), text);
    expect(readAddress(folder)).toBeNull();
  });

  it('is null where there is no directory', () => expect(readAddress(join(scratch, 'nowhere'))).toBeNull());
});

describe('the token of a data directory', () => {
  it('is made once, kept, long enough not to be guessed, and its user’s alone', () => {
    const folder = freshFolder();
    claimOwnership(folder)?.release();
    const token = readToken(folder);
    // 24 random bytes: 32 characters of base64url.
    expect(token).toMatch(/^[\w-]{32}$/);
    expect(readToken(folder)).toBe(token);
    expect(statSync(join(folder, 'token')).mode & 0o777).toBe(0o600);
  });

  it('is made anew where the file holds something else', () => {
    const folder = freshFolder();
    claimOwnership(folder)?.release();
    writeFileSync(join(folder, 'token'), 'short\n');
    expect(readToken(folder)).toMatch(/^[\w-]{32}$/);
  });
});

describe('the data directory', () => {
  it('is WATTRUN_HOME where that is set, else the platform’s place', () => {
    expect(dataDirectory({ WATTRUN_HOME: '/a/b' }, 'linux')).toBe('/a/b');
    expect(dataDirectory({ WATTRUN_HOME: '', XDG_DATA_HOME: '/x' }, 'linux')).toBe('/x/wattrun');
    expect(dataDirectory({}, 'linux')).toMatch(/\/\.local\/share\/wattrun$/);
    expect(dataDirectory({}, 'darwin')).toMatch(/Library\/Application Support\/wattrun$/);
    expect(dataDirectory({ LOCALAPPDATA: '/L' }, 'win32')).toBe('/L/wattrun');
    expect(recordPath('/a/b')).toBe('/a/b/wattrun.db');
  });
});
