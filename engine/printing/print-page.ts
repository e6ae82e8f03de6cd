import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { WattrunError } from '../../shared/contract/errors.ts';
import { findChromium } from './chromium.ts';

export interface PrintOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A page of a hundred runs takes seconds. */
  readonly timeoutMs?: number;
}

const usualTimeoutMs = 120_000;

/** Gives what prints a page to PDF by a headless Chromium; null where there is none. */
export function createPagePrinter(
  options: PrintOptions,
): ((html: Iterable<string>) => AsyncIterable<Uint8Array>) | null {
  const chromium = findChromium(options.environment);
  if (chromium === null) return null;
  return (html) => printPage(chromium, html, options.timeoutMs ?? usualTimeoutMs);
}

async function* printPage(
  chromium: string,
  html: Iterable<string>,
  timeoutMs: number,
): AsyncGenerator<Uint8Array, undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'wattrun-print-'));
  const stop = new AbortController();
  try {
    const [page, pdf] = [join(folder, 'page.html'), join(folder, 'page.pdf')];
    await pipeline(Readable.from(html), createWriteStream(page, { mode: 0o600 }));
    await runChromium(
      chromium,
      argumentsFor(folder, page, pdf),
      AbortSignal.any([stop.signal, AbortSignal.timeout(timeoutMs)]),
    );
    if (!(await hasContent(pdf))) throw new WattrunError('exports/print-failed', `${chromium} printed nothing.`, hint);
    for await (const bytes of createReadStream(pdf)) yield bytes as Uint8Array;
  } finally {
    // Whoever stops pulling stops the printing.
    stop.abort();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
  return undefined;
}

const hint = 'Export html and print it from a browser.';

const argumentsFor = (folder: string, page: string, pdf: string): readonly string[] => [
  '--headless',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  `--user-data-dir=${join(folder, 'profile')}`,
  '--no-pdf-header-footer',
  `--print-to-pdf=${pdf}`,
  // Chromium's sandbox refuses root; the page is our own, and its policy lets no script run and nothing be fetched.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  pathToFileURL(page).href,
];

async function runChromium(chromium: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  const child = spawn(chromium, [...args], { stdio: ['ignore', 'ignore', 'pipe'], signal, killSignal: 'SIGKILL' });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  const failed = await new Promise<string | null>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, killed) => resolve(code === 0 ? null : `ended with ${killed ?? code}`));
  });
  if (failed !== null)
    throw new WattrunError(
      'exports/print-failed',
      `${chromium} could not print (${failed}${said === '' ? '' : `: ${said.trim().split('\n').at(-1)}`}).`,
      hint,
    );
}

async function hasContent(path: string): Promise<boolean> {
  try {
    return (await stat(path)).size > 0;
  } catch {
    return false;
  }
}
