import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SecondInstance {
  readonly argv: readonly string[];
  readonly workingDirectory: string;
  readonly additionalData: unknown;
}

const LOCK = 'standin-instance.pid';
const CALLS = 'standin-instance-calls';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function holderOf(lock: string): number | null {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    return isAlive(pid) ? pid : null;
  } catch {
    return null; // no lock file
  }
}

/** Tells the holder of the lock by a file, which appears whole because it is renamed into place. */
function callHolder(calls: string, additionalData: unknown): void {
  const second: SecondInstance = { argv: process.argv, workingDirectory: process.cwd(), additionalData };
  const written = join(calls, `.${process.pid}`);
  writeFileSync(written, JSON.stringify(second));
  renameSync(written, join(calls, `${process.pid}.json`));
}

function listenForCalls(calls: string, onSecond: (second: SecondInstance) => void): () => void {
  const takeAll = (): void => {
    for (const name of readdirSync(calls).filter((entry) => entry.endsWith('.json'))) {
      const second = JSON.parse(readFileSync(join(calls, name), 'utf8')) as SecondInstance;
      rmSync(join(calls, name));
      onSecond(second);
    }
  };
  const watcher = watch(calls, takeAll);
  watcher.unref();
  return () => watcher.close();
}

/**
 * The lock of Electron's `requestSingleInstanceLock`, one a user data folder: null when another process has it, which
 * is told of this one; else what releases it. Two processes that start within a millisecond may both get it.
 */
export function takeSingleInstanceLock(
  userData: string,
  additionalData: unknown,
  onSecond: (second: SecondInstance) => void,
): (() => void) | null {
  const lock = join(userData, LOCK);
  const calls = join(userData, CALLS);
  mkdirSync(calls, { recursive: true });
  if (holderOf(lock) !== null) {
    callHolder(calls, additionalData);
    return null;
  }
  writeFileSync(lock, String(process.pid));
  const stopListening = listenForCalls(calls, onSecond);
  return () => {
    stopListening();
    rmSync(lock, { force: true });
    rmSync(calls, { recursive: true, force: true });
  };
}
