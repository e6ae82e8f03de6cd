import { expect, goTo, openUi, test } from './fixtures.ts';

interface Asked {
  readonly kind: string;
  readonly contract: string;
  readonly id?: number;
  readonly name?: string;
}

test('a long export says how far it is on every page, and is ended by its button', async ({ page, demo }) => {
  let asked = 0;
  let hasClosed = false;
  // A record that never ends: a megabyte every fifth of a second.
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      const message = JSON.parse(String(text)) as Asked;
      if (message.kind === 'request' && message.name === 'exports.close') hasClosed = true;
      if (message.kind !== 'request' || message.name !== 'exports.next') return server.send(text);
      asked += 1;
      const result = { text: 'x'.repeat(1024 * 1024), isDone: false };
      const { contract, id } = message;
      setTimeout(() => socket.send(JSON.stringify({ kind: 'result', contract, id, result })), 200);
    });
  });
  await openUi(page, demo);
  await goTo(page, 'Runs');
  let downloads = 0;
  page.on('download', () => {
    downloads += 1;
  });
  await page
    .getByRole('button', { name: /^Export/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: /CSV/ }).first().click();
  const line = page.getByRole('list', { name: 'Exports' }).getByRole('listitem');
  await expect(line).toContainText(/Writing .+\.csv: [2-9]\.\d+\sMiB/);
  await goTo(page, 'Alerts');
  await expect(line).toBeVisible();
  await line.getByRole('button', { name: /^Cancel .+\.csv/ }).press('Enter');
  await expect(line).toBeHidden();
  await expect(page.getByText(/\.csv was not written\./)).toBeVisible();
  await expect.poll(() => hasClosed, 'the engine is told').toBe(true);
  const before = asked;
  await page.waitForTimeout(600);
  expect([asked - before, downloads]).toEqual([0, 0]);
});
