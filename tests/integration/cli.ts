import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunReport, runReportSchema } from '../../shared/model/run.ts';

/** The command as it is installed; `fresh-build.ts` has built what it starts. */
export const cliFile = join(import.meta.dirname, '../../bin/wattrun.mjs');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout(): string;
}

/** A home of its own for a test, and how to be rid of it. */
export function temporaryHome(): { readonly home: string; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), 'wattrun-test-'));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** Starts `wattrun ARGS`, with nothing of this machine's GPUs unless the environment says so. */
export function startCli(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  options: { readonly cwd?: string } = {},
): Started {
  const child = spawn(process.execPath, [cliFile, ...args], {
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: process.env.HOME ?? '/',
      WATTRUN_NVML: '/nowhere/libnvidia-ml.so.1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: options.cwd ?? tmpdir(),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
  return { child, ended, stdout: () => stdout };
}

export const runCli = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> =>
  startCli(args, env).ended;

export async function showLast(env: Readonly<Record<string, string>>): Promise<RunReport> {
  const { stdout } = await runCli(['show', 'last', '--json'], env);
  return runReportSchema.parse(JSON.parse(stdout));
}

export async function until(isTrue: () => boolean, what: string, limitMs = 20_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
