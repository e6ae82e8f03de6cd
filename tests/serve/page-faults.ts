import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Rules that another theme can break. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** What axe calls serious or critical, as 'rule: target'; by its rules on colours alone where only these are wanted. */
export async function seriousFindings(page: Page, { isOfColours = false } = {}): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  const options: RunOptions = {
    resultTypes: ['violations'],
    ...(isOfColours ? { runOnly: { type: 'rule', values: colourRules } } : {}),
  };
  const results = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as AxeResults;
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} (${node.failureSummary ?? ''})`));
}

/** Texts that are cut without a sign of it, and what stands out of the page where nobody can scroll to it. */
export function cutTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const isScrollable = (element: Element | null): boolean => {
      for (let at = element; at !== null; at = at.parentElement)
        if (['auto', 'scroll'].includes(getComputedStyle(at).overflowX)) return true;
      return false;
    };
    /** Kept for the ear alone. */
    const isUnseen = (element: Element | null): boolean => {
      for (let at = element; at !== null; at = at.parentElement)
        if (getComputedStyle(at).clipPath.startsWith('inset(50%')) return true;
      return false;
    };
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const text = [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent?.trim() ?? '')
        .join(' ')
        .trim();
      if (text === '' || isUnseen(element) || element.closest('[aria-hidden=true], [hidden]') !== null) continue;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1 || style.visibility === 'hidden') continue;
      const isCut = style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
      if (isCut && style.textOverflow !== 'ellipsis' && !['auto', 'scroll'].includes(style.overflowX))
        found.push(`cut: ${text.slice(0, 60)}`);
      const isOutside = box.right > innerWidth + 1 || box.left < -1;
      if (isOutside && !isScrollable(element)) found.push(`outside: ${text.slice(0, 60)}`);
    }
    // A class name that two style sheets use takes a row out of its table: its cells stand under no heading.
    for (const row of document.querySelectorAll('tr'))
      if (!['table-row', 'none'].includes(getComputedStyle(row).display)) found.push(`row: ${row.className}`);
    if (document.documentElement.scrollWidth > innerWidth + 1) found.push('the page scrolls sideways');
    return found;
  });
}

/** Tables that are wider than the page has room for, and cells whose text runs into their neighbours. */
export const tableFaults = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const wide = [...document.querySelectorAll('main :has(> table)')]
      .filter((box) => box.scrollWidth > box.clientWidth + 1)
      .map((box) => `${box.className} ${box.clientWidth} px: ${box.scrollWidth} px`);
    const spilt = [...document.querySelectorAll('main th, main td')]
      .filter((cell) => cell.checkVisibility() && !cell.matches('.cut') && cell.scrollWidth > cell.clientWidth + 1)
      .map((cell) => `${cell.textContent}: ${cell.scrollWidth} px in ${cell.clientWidth} px`);
    return [...new Set([...wide, ...spilt])];
  });
