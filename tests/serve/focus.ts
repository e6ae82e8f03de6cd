import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** What has the focus, in words, and what of it nobody could see. */
interface FocusFacts {
  readonly what: string;
  readonly faults: readonly string[];
}

/** Reads the focus ring of what has the focus: its own outline, or that of the field around it. */
function readFocus(page: Page): Promise<FocusFacts> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body)
      return { what: 'the document', faults: ['nothing has the focus'] };
    const ringed = focused.matches('input') ? (focused.closest('.fld') ?? focused) : focused;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(ringed);
    const box = ringed.getBoundingClientRect();
    const name = focused.getAttribute('aria-label') ?? focused.textContent?.trim().slice(0, 40) ?? '';
    const hasRing = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && !/, 0\)$/.test(outlineColor);
    const isInWindow = box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
    const faults = [
      hasRing ? [] : [`no ring (${outlineStyle} ${outlineWidth} ${outlineColor})`],
      box.width >= 1 && box.height >= 1 ? [] : ['no size'],
      isInWindow ? [] : ['outside the window'],
    ].flat();
    return { what: `${focused.tagName.toLowerCase()} "${name}"`, faults };
  });
}

/** The focus is on this, and is seen. */
export async function expectFocus(page: Page, at: Locator): Promise<void> {
  await expect(at).toBeFocused();
  const { what, faults } = await readFocus(page);
  expect(faults, `the focus on ${what}`).toEqual([]);
}

/** As many as stand between the first control of a page and its last. */
const mostTabs = 120;

/** Presses Tab until this has the focus; each stop on the way is seen. */
export async function tabTo(page: Page, to: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const stops: string[] = [];
  for (let presses = 0; presses < mostTabs; presses++) {
    await page.keyboard.press(key);
    const { what, faults } = await readFocus(page);
    if (what !== 'the document') expect(faults, `the focus on ${what}`).toEqual([]);
    stops.push(what);
    if (await to.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`not reached with ${mostTabs} presses of ${key}: ${stops.join(', ')}`);
}
