import { readFileSync } from 'node:fs';
import type { Download, Locator, Page } from '@playwright/test';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect } from './fixtures.ts';

/** Saves the chart whose menu has this name, and gives the file. */
export async function saveChart(
  page: Page,
  menu: Locator,
  kind: string,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  await menu.click();
  const [download] = await Promise.all([
    page.waitForEvent('download') as Promise<Download>,
    page.getByRole('menuitem', { name: kind, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Every text of an SVG, which has to be XML. */
export function textsOf(bytes: Buffer): { readonly svg: string; readonly texts: string } {
  const svg = bytes.toString('utf8');
  expect(XMLValidator.validate(svg)).toBe(true);
  expect(new XMLParser({ ignoreAttributes: false }).parse(svg)).toHaveProperty('svg.@_viewBox');
  return { svg, texts: [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((match) => match[1]).join('\n') };
}

export const menuOf = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name }).first();
