import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { expect, goTo, openUi, test } from './fixtures.ts';

interface Asked {
  readonly kind: string;
  readonly contract: string;
  readonly id?: number;
  readonly name?: string;
}

interface FakeRecord {
  /** Pieces that the page has asked for. */
  asked: number;
  hasClosed: boolean;
}

const mebibyte = 1024 * 1024;
/** The n-th piece of the record. */
const pieceOf = (index: number): string => String.fromCharCode(97 + (index % 26)).repeat(mebibyte);

/** The engine's answers to an export are a record of so many megabytes instead. */
async function serveRecord(page: Page, { pieces, everyMs }: { pieces: number; everyMs: number }): Promise<FakeRecord> {
  const record: FakeRecord = { asked: 0, hasClosed: false };
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      const message = JSON.parse(String(text)) as Asked;
      if (message.kind === 'request' && message.name === 'exports.close') record.hasClosed = true;
      if (message.kind !== 'request' || message.name !== 'exports.next') return server.send(text);
      const result = { text: pieceOf(record.asked), isDone: record.asked + 1 === pieces };
      record.asked += 1;
      const { contract, id } = message;
      setTimeout(() => socket.send(JSON.stringify({ kind: 'result', contract, id, result })), everyMs);
    });
  });
  return record;
}

/** Chooses CSV in the menu of the page of runs. */
async function startExport(page: Page): Promise<Locator> {
  await goTo(page, 'Runs');
  await page
    .getByRole('button', { name: /^Export/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: /CSV/ }).first().click();
  return page.getByRole('list', { name: 'Exports' }).getByRole('listitem');
}

/** The sizes of what the page has set down in its own files, in MiB. */
const setDown = (page: Page): Promise<readonly number[]> =>
  page.evaluate(async () => {
    const sizes: number[] = [];
    const top = await navigator.storage.getDirectory();
    const root = await top.getDirectoryHandle('exports', { create: true });
    for await (const folder of root.values())
      for await (const file of (folder as FileSystemDirectoryHandle).values())
        sizes.push((await (file as FileSystemFileHandle).getFile()).size / (1024 * 1024));
    return sizes;
  });

test('a long export says how far it is on every page, and is ended by its button', async ({ page, demo }) => {
  const record = await serveRecord(page, { pieces: Number.POSITIVE_INFINITY, everyMs: 200 });
  await openUi(page, demo);
  let downloads = 0;
  page.on('download', () => {
    downloads += 1;
  });
  const line = await startExport(page);
  await expect(line).toContainText(/Writing .+\.csv: [2-9]\.\d+\sMiB/);
  await goTo(page, 'Alerts');
  await expect(line).toBeVisible();
  // A segment of 16 MiB.
  await expect.poll(() => setDown(page)).toEqual([16]);
  await line.getByRole('button', { name: /^Cancel .+\.csv/ }).press('Enter');
  await expect(line).toBeHidden();
  await expect(page.getByText(/\.csv was not written\./)).toBeVisible();
  await expect.poll(() => record.hasClosed, 'the engine is told').toBe(true);
  await expect.poll(() => setDown(page), 'nothing is left').toEqual([]);
  const before = record.asked;
  await page.waitForTimeout(600);
  expect([record.asked - before, downloads]).toEqual([0, 0]);
});

test('a long export is set down on its way, and its file is whole', async ({ page, demo }) => {
  const pieces = 40;
  await serveRecord(page, { pieces, everyMs: 0 });
  await openUi(page, demo);
  const [download] = await Promise.all([page.waitForEvent('download'), startExport(page)]);
  const found = createHash('sha256');
  for await (const chunk of createReadStream(await download.path())) found.update(chunk as Buffer);
  const wanted = createHash('sha256');
  for (let index = 0; index < pieces; index += 1) wanted.update(pieceOf(index));
  expect(found.digest('hex')).toBe(wanted.digest('hex'));
  // 40 MiB are two segments of 16 and what is left, which was held in memory.
  expect(await setDown(page)).toEqual([16, 16]);
});
