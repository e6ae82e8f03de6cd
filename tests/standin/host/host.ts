import type { BrowserProcess } from './browser-process.ts';
import type { CommandLine } from './command-line.ts';

/** What the stand-in knows about the app it runs. */
export interface Host {
  readonly appPath: string;
  readonly packageJson: { readonly name?: string; readonly productName?: string; readonly version?: string };
  readonly commandLine: CommandLine;
  /** Chromium, once it has started. */
  readonly browser: Promise<BrowserProcess>;
  /** Ends Chromium, then this process. */
  end(exitCode: number): void;
}

let current: Host | null = null;

/** The module `electron` is one per process, and so is the app that it serves. */
export function bindHost(host: Host): void {
  current = host;
}

export function theHost(): Host {
  if (current === null) throw new Error('the stand-in for Electron runs an app only through electron-standin.mjs');
  return current;
}
