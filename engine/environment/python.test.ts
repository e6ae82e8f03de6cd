import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPython } from './python.ts';

let root = '';
const file = (path: string, text: string): string => {
  const full = join(root, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, text);
  chmodSync(full, 0o755);
  return full;
};
const launch = { cwd: null, environment: {}, executable: null };

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'wattrun-python-'));
  file('usr/bin/python3.11', '');
  symlinkSync('python3.11', join(root, 'usr/bin/python3'));
  file('venv/bin/python', '');
  file('venv/pyvenv.cfg', 'home = /usr/bin\nversion = 3.12.4\n');
  file('conda/bin/python', '');
  file('conda/conda-meta/python-3.10.14-h955ad1f_1.json', '{}');
  file('venv/bin/torchrun', `#!${join(root, 'venv/bin/python')}\nimport sys\n`);
  file('bin/accelerate', '#!/usr/bin/env python3\n');
  file('bin/train.sh', '#!/bin/sh\n');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the interpreter of a command', () => {
  it('is found on PATH, its version told by the file that it leads to', async () =>
    expect(
      await readPython({ ...launch, command: ['python3', 'train.py'], environment: { PATH: join(root, 'usr/bin') } }),
    ).toEqual({ executable: join(root, 'usr/bin/python3'), version: '3.11', environment: null }));

  it('is that of a virtual environment, with the version it was made with', async () =>
    expect(
      await readPython({
        ...launch,
        command: [join(root, 'venv/bin/python'), 'train.py'],
        environment: { VIRTUAL_ENV: join(root, 'venv') },
      }),
    ).toEqual({ executable: join(root, 'venv/bin/python'), version: '3.12.4', environment: join(root, 'venv') }));

  it('is looked for from the folder that the command starts in', async () =>
    expect(await readPython({ ...launch, command: ['bin/python'], cwd: join(root, 'conda') })).toEqual({
      executable: join(root, 'conda/bin/python'),
      version: '3.10.14',
      environment: null,
    }));

  it.each([
    ['by its path', 'venv/bin/torchrun', 'venv/bin/python'],
    ['by its name', 'bin/accelerate', 'usr/bin/python3'],
  ])('is what a launcher’s first line names, %s', async (_, launcher, python) =>
    expect(
      await readPython({
        ...launch,
        command: [join(root, launcher), 'train.py'],
        environment: { PATH: join(root, 'usr/bin') },
      }),
    ).toMatchObject({ executable: join(root, python) }),
  );

  it('is the file of a process that is one, whatever started it', async () =>
    expect(
      await readPython({ ...launch, command: ['launcher'], executable: join(root, 'usr/bin/python3.11') }),
    ).toMatchObject({ executable: join(root, 'usr/bin/python3.11'), version: '3.11' }));

  it.each([
    ['a shell script', ['bin/train.sh']],
    ['a program that is not there', ['python-that-is-nowhere']],
    ['nothing', []],
  ])('is not known of %s', async (_, command) =>
    expect(await readPython({ ...launch, command, cwd: root, environment: { PATH: '/nowhere' } })).toBeNull(),
  );

  it('leaves the environment that is known where the interpreter is not', async () =>
    expect(
      await readPython({ ...launch, command: ['sh'], environment: { PATH: '', CONDA_DEFAULT_ENV: 'sft' } }),
    ).toEqual({ executable: null, version: null, environment: 'sft' }));
});
