import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface EndedChild extends ChildEnd {
  /** Wall clock. */
  readonly endedAtMs: number;
}

/** How a child ended; code 127 where it could not be started. */
export function endOf(child: ChildProcess): Promise<EndedChild> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal, endedAtMs: Date.now() }));
    child.once('error', () => resolve({ code: 127, signal: null, endedAtMs: Date.now() }));
  });
}

/** The exit code that a shell gives: the child's own, or 128 + n after signal n. */
export function exitCodeOf({ code, signal }: ChildEnd): number {
  return code ?? 128 + (signal === null ? 0 : (constants.signals[signal] ?? 0));
}
