import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrowserWindow } from 'electron';
import { guardPage } from './page-guard.ts';

/** Prints a report of ours to PDF in a window that nobody sees: no script, no preload, and a guard as every page has. */
export async function* printPage(
  html: AsyncIterable<string | Uint8Array>,
  log: (message: string) => void,
): AsyncGenerator<Uint8Array, undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'wattrun-print-'));
  const window = new BrowserWindow({
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
  });
  try {
    guardPage(window.webContents, log);
    const page = join(folder, 'report.html');
    await writeFile(page, html, { mode: 0o600 });
    await window.loadFile(page);
    yield await window.webContents.printToPDF({ printBackground: true, preferCSSPageSize: true });
  } finally {
    window.destroy();
    await rm(folder, { recursive: true, force: true });
  }
  return undefined;
}
