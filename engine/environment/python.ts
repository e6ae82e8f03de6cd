import { access, constants, open, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import type { Python } from '../../shared/model/run-environment.ts';

export interface Launch {
  /** argv. */
  readonly command: readonly string[];
  readonly cwd: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** File that the process is, links followed; null where it is not known yet. */
  readonly executable: string | null;
}

const shebangBytes = 256;
const interpreterName = /^(?:python|pypy)w?[\d.]*t?(?:\.exe)?$/i;

/**
 * The interpreter of a command, from files alone: the program itself, or what the first line of a script names (torchrun, accelerate). Its version from
 * `pyvenv.cfg`, conda's own record or its file's name (`python3 --version` says the same). Null where no Python can be told.
 */
export async function readPython(launch: Launch): Promise<Python | null> {
  const executable = (await interpreterOf(launch)) ?? pythonAt(launch.executable);
  const { VIRTUAL_ENV: folder, CONDA_DEFAULT_ENV: name } = launch.environment;
  const environment = (folder || name) ?? null;
  if (executable === null && (environment ?? '') === '') return null;
  return {
    executable,
    version: executable === null ? null : await versionOf(executable, launch.executable),
    environment: environment === '' ? null : environment,
  };
}

const pythonAt = (path: string | null): string | null =>
  path !== null && interpreterName.test(basename(path)) ? path : null;

async function interpreterOf(launch: Launch): Promise<string | null> {
  const [program] = launch.command;
  const path = program === undefined ? null : await locate(program, launch);
  if (path === null) return null;
  if (interpreterName.test(basename(path))) return path;
  const words = shebangWords(await firstLine(path));
  const named = words.find((word) => interpreterName.test(basename(word)));
  return named === undefined ? null : await locate(named, launch);
}

/** '#!/usr/bin/env python3' → ['/usr/bin/env', 'python3']. */
const shebangWords = (line: string): readonly string[] =>
  line.startsWith('#!') ? line.slice(2).trim().split(/\s+/) : [];

/** A program as a shell finds it: by its path, from the folder it is started in, or on PATH. Null where there is none. */
async function locate(program: string, { cwd, environment }: Launch): Promise<string | null> {
  if (/[\\/]/.test(program)) {
    const path = isAbsolute(program) ? program : cwd === null ? null : resolve(cwd, program);
    return path !== null && (await canExecute(path)) ? path : null;
  }
  for (const folder of (environment.PATH ?? '').split(delimiter).filter((one) => isAbsolute(one))) {
    const path = join(folder, program);
    if (await canExecute(path)) return path;
  }
  return null;
}

const canExecute = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

async function firstLine(path: string): Promise<string> {
  try {
    await using file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(shebangBytes), 0, shebangBytes, 0);
    return buffer.toString('utf8', 0, bytesRead).split('\n')[0] ?? '';
  } catch {
    return '';
  }
}

async function versionOf(executable: string, real: string | null): Promise<string | null> {
  const folder = dirname(dirname(executable));
  const configured = /^version(?:_info)?\s*=\s*(\d+\.\d+(?:\.\d+)?)/m.exec(await textOf(join(folder, 'pyvenv.cfg')));
  if (configured?.[1] !== undefined) return configured[1];
  const packages = await readdir(join(folder, 'conda-meta')).catch((): string[] => []);
  const conda = packages.map((name) => /^python-(\d+\.\d+\.\d+)-.*\.json$/.exec(name)?.[1]).find(Boolean);
  if (conda !== undefined) return conda;
  const file = await realpath(executable).catch(() => real ?? executable);
  return /(\d+\.\d+(?:\.\d+)?)t?(?:\.exe)?$/i.exec(basename(file))?.[1] ?? null;
}

const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
