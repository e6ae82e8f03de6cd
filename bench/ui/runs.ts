import type { Page } from '@playwright/test';
import { median, milliseconds, type Report, type Row } from '../report.ts';
import { type BenchBrowser, type PageFacts, percentile, watchPage } from './browser.ts';
import type { ServedEngine } from './served.ts';

const rounds = 5;
const pageCount = 20;
/** Event Timing tells of no interaction faster than this. */
const leastToldMs = 16;
const restMs = 120;
/** Name, duration, energy, time started. */
const sortedColumns = [3, 7, 8, 6];

interface Step {
  readonly what: string;
  /** Gives how many interactions it was, or the times itself where the browser times none of them. */
  act(page: Page): Promise<number | readonly number[]>;
}

/** The runs table over so many runs, two of which run: each kind of change, from the interaction to the next paint. */
export async function benchRuns(browser: BenchBrowser, served: ServedEngine, count: number): Promise<Report> {
  const asked: number[] = [];
  for (let round = 0; round < rounds; round++) asked.push(await timed(() => served.engine.handlers['runs.list']({})));
  const page = await browser.newPage();
  const origin = new URL(served.openUrl).origin;
  await page.goto(served.openUrl);
  await page.goto(`${origin}/#/live`);
  await page.locator('canvas').first().waitFor();
  await page.waitForTimeout(1000);
  const opened: number[] = [];
  for (let round = 0; round < rounds; round++) opened.push(await openingMs(page));
  const watch = await watchPage(page);
  const rows: Row[] = [
    { what: 'the engine lists them', cells: cellsOf(asked, []) },
    { what: 'the page opens, until rows stand', cells: cellsOf(opened, []) },
  ];
  const all: number[] = [];
  for (const { what, act } of steps) {
    const taken: number[] = [];
    const longTaskMs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await watch.read();
      const done = await act(page);
      await page.waitForTimeout(restMs * 3);
      const facts = await watch.read();
      if (typeof done === 'number') {
        const interactions = interactionsOf(facts, done);
        taken.push(...interactions);
        all.push(...interactions);
      } else taken.push(...done);
      longTaskMs.push(...facts.longTaskMs);
    }
    rows.push({ what, cells: cellsOf(taken, longTaskMs) });
  }
  rows.push({ what: 'all interactions', cells: cellsOf(all, []) });
  await page.close();
  return {
    title: `The table of ${count} runs`,
    columns: ['count', 'median', 'p95', 'longest', 'longest task'],
    rows,
    notes: [
      'From the interaction to the next paint, by the Event Timing of the browser in steps of 8 ms, those under 16 ms as 16; scrolling from the change of the position to the frame whose rows fill the view. The arrow of a sorted column is drawn first, the rows after it. Two of the runs go on: their rows change each second.',
    ],
  };
}

async function timed(act: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await act();
  return performance.now() - startedMs;
}

const interactionsOf = ({ interactionMs }: PageFacts, count: number): readonly number[] => [
  ...interactionMs,
  ...Array.from({ length: Math.max(0, count - interactionMs.length) }, () => leastToldMs),
];

const cellsOf = (taken: readonly number[], longTaskMs: readonly number[]): readonly string[] => [
  String(taken.length),
  ...[median(taken), percentile(taken, 0.95), Math.max(...taken)].map(milliseconds),
  longTaskMs.length === 0 ? '' : milliseconds(Math.max(...longTaskMs)),
];

/** From Live to the first frame that has rows of the table. */
async function openingMs(page: Page): Promise<number> {
  await page.evaluate(() => {
    location.hash = '#/live';
  });
  await page.locator('canvas').first().waitFor();
  await page.waitForTimeout(1000);
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const startedMs = performance.now();
        location.hash = '#/runs';
        const look = (): void => {
          if (document.querySelector('.rt tbody tr[data-run]') === null) requestAnimationFrame(look);
          else resolve(performance.now() - startedMs);
        };
        requestAnimationFrame(look);
      }),
  );
}

/** A page down: until the first frame whose view is full of rows. */
function scrollPageMs(page: Page): Promise<number> {
  return page.locator('.tw').evaluate(
    (scroller) =>
      new Promise<number>((resolve) => {
        const startedMs = performance.now();
        scroller.scrollTop += scroller.clientHeight;
        const isFull = (): boolean => {
          const { top, bottom, left } = scroller.getBoundingClientRect();
          return [top + 40, (top + bottom) / 2, bottom - 30].every(
            (y) => document.elementFromPoint(left + 60, y)?.closest('tr[data-run]') !== null,
          );
        };
        const look = (): void => {
          if (!isFull()) requestAnimationFrame(look);
          else {
            // The frame is painted once a task after it runs.
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.now() - startedMs);
            port2.postMessage(null);
          }
        };
        requestAnimationFrame(look);
      }),
  );
}

function sortingMs(page: Page, column: number): Promise<number> {
  return page.evaluate(
    (nth) =>
      new Promise<number>((resolve) => {
        const firstId = (): string | undefined =>
          document.querySelector<HTMLElement>('.rt tbody tr[data-run]')?.dataset.run;
        const before = firstId();
        const startedMs = performance.now();
        document.querySelector<HTMLElement>(`.rt thead th:nth-child(${nth}) .sort`)?.click();
        const look = (): void => {
          if (firstId() === before) requestAnimationFrame(look);
          else requestAnimationFrame(() => resolve(performance.now() - startedMs));
        };
        requestAnimationFrame(look);
      }),
    column,
  );
}

async function each<T>(page: Page, all: readonly T[], act: (one: T) => Promise<void>): Promise<number> {
  for (const one of all) {
    await act(one);
    await page.waitForTimeout(restMs);
  }
  return all.length;
}

const keys = (page: Page, pressed: readonly string[]): Promise<number> =>
  each(page, pressed, (key) => page.keyboard.press(key));
const fromTop = (page: Page): Promise<void> =>
  page.locator('.tw').evaluate((scroller) => {
    scroller.scrollTop = 0;
  });

const steps: readonly Step[] = [
  {
    what: 'scroll a page',
    async act(page) {
      await fromTop(page);
      await page.waitForTimeout(restMs);
      const taken: number[] = [];
      for (let i = 0; i < pageCount; i++) {
        taken.push(await scrollPageMs(page));
        await page.waitForTimeout(restMs / 2);
      }
      await fromTop(page);
      return taken;
    },
  },
  {
    what: 'sort',
    act: (page) =>
      each(page, sortedColumns, (column) => page.locator(`.rt thead th:nth-child(${column}) .sort`).click()),
  },
  {
    what: 'sort, until the rows stand in their new order',
    async act(page) {
      const taken: number[] = [];
      for (const column of sortedColumns) {
        taken.push(await sortingMs(page, column));
        await page.waitForTimeout(restMs);
      }
      return taken;
    },
  },
  {
    what: 'select with the pointer',
    act: (page) =>
      each(page, [0, 3, 6, 9, 9, 6, 3, 0], (row) =>
        page.locator('.rt tbody tr[data-run] .cb').nth(row).click({ force: true }),
      ),
  },
  {
    what: 'move and select with keys',
    async act(page) {
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      return keys(page, ['j', ' ', 'j', ' ', 'Shift+ArrowDown', 'Shift+ArrowDown', 'k', 'k', 'Escape']);
    },
  },
  { what: 'select all and none', act: (page) => keys(page, ['Control+a', 'Escape', 'Control+a', 'Escape']) },
  {
    what: 'type a filter',
    async act(page) {
      const field = page.locator('.flt input[type=search]');
      await field.focus();
      const count = await keys(page, [...'llama bf16', 'Escape']);
      await field.blur();
      return count;
    },
  },
];
