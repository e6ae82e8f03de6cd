import { execFile } from 'node:child_process';

/** stdout of a short command, also of one that failed; `isOk` false when it failed or outran its time. Never throws. */
export function runTool(
  path: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<{ readonly isOk: boolean; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      path,
      [...args],
      { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024, windowsHide: true },
      (error, stdout, stderr) => resolve({ isOk: error === null, stdout, stderr }),
    );
  });
}
