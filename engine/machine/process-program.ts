import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../../shared/model/run-environment.ts';
import { readProgram } from '../environment/program.ts';
import { environmentLimitBytes, readProcess, readStart } from './process-facts.ts';

const filesLimitMs = 2000;

/**
 * Interpreter and variables of a process from /proc/PID/{exe,cmdline,environ}; null for another user's, and once it has ended. Its environment is the one
 * it was started with; what is none of training's is dropped before anything is kept.
 */
export async function readProcessProgram(
  procfsRoot: string,
  pid: number,
  ownUid: number | null = process.getuid?.() ?? null,
): Promise<Program | null> {
  const facts = readProcess(procfsRoot, pid, ownUid);
  if (facts === null || !facts.isOurs) return null;
  const folder = join(procfsRoot, String(pid));
  const environment = environmentFrom(readStart(join(folder, 'environ'), environmentLimitBytes));
  const { command, cwd } = facts;
  return readProgram({ command, cwd, environment, executable: readLink(join(folder, 'exe')) }, filesLimitMs);
}

/** /proc/PID/environ: 'NAME=value', each ended by a NUL. */
export const environmentFrom = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split('\0').flatMap((entry) => {
      const equals = entry.indexOf('=');
      return equals <= 0 ? [] : [[entry.slice(0, equals), entry.slice(equals + 1)] as const];
    }),
  );

function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
