import type { Page } from '@playwright/test';
import { everyView, showView } from './every-view.ts';
import { expect, test } from './fixtures.ts';

/** Names of devices, programs, formats and people's own words: they are the same in every language. */
const names =
  /\b(NVIDIA|AMD|EPYC|Intel|H100|HBM3|DDR\d|SXM\d?|GB|GiB|MiB|GPU|CPU|SM|CSV|JSON|PUE|XID|PID|ECC|Wattrun|wattrun|RAPL|NVML|psys|libnvidia-ml|driver|Tasmota|Shelly|Home Assistant|English|Space|Shift|Ctrl|Esc|Enter|Tab|Del|End|Home|Git|SIGTERM|Ember|Yearly Electricity Data|Our World in Data|processed by|CC BY|IEA[^。]*|Global Energy|Linux|Core|Processor|Xeon|simulated|demo|loss|kWh|Wh|MWh|kW|MHz|CO₂e|nvidia-smi|Hugging Face|CodeCarbon|emissions\.csv)\b/gu;

/** Texts on the screen, or said by a name, with two English words on end; code and what people named is left out. */
async function englishTexts(page: Page): Promise<readonly string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = [];
    const isNamed = (element: Element | null): boolean =>
      element?.closest('code, kbd, pre, .mono, a[href^="#/runs/"], [data-own], [aria-hidden=true], option[lang]') !==
      null;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent === null || isNamed(parent) || ['SCRIPT', 'STYLE'].includes(parent.tagName)) continue;
      if (parent.checkVisibility()) found.push(node.textContent?.trim() ?? '');
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      if (!isNamed(element))
        for (const name of ['aria-label', 'title', 'placeholder']) found.push(element.getAttribute(name) ?? '');
    return [...new Set(found)];
  });
  return texts.filter((text) => /\b[a-z]{2,}\s+[a-z]{2,}/i.test(text.replaceAll(names, '·')));
}

test('in Chinese no view has a sentence of English left', async ({ page, demo }) => {
  test.setTimeout(120_000);
  await page.goto(demo.openUrl);
  const { origin } = new URL(demo.openUrl);
  await page.goto(`${origin}/?language=zh-CN#/live`);
  await expect(page.getByRole('contentinfo')).toContainText('采样');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  for (const view of await everyView(page)) {
    await showView(page, view);
    expect.soft(await englishTexts(page), view.name).toEqual([]);
  }
});
