import type { Page } from '@playwright/test';
import { runCli } from '../integration/cli.ts';
import { everyView, showView } from './every-view.ts';
import { expect, test } from './fixtures.ts';
import { listen } from './spoken.ts';

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

test('in Chinese an alert is spoken by its rule’s name in Chinese, and by the name that its user gave it', async ({
  page,
  serve,
}) => {
  await page.goto(serve.openUrl);
  await page.goto(`${new URL(serve.openUrl).origin}/?language=zh-CN#/live`);
  await expect(page.getByRole('contentinfo')).toContainText('采样');
  const spoken = await listen(page);
  // Memory alone draws more than 1 W on any machine, by its model where nothing measures it.
  const power = ['alerts', 'add', '--power', '1', '--for', '1', '--json'];
  const add = async (...more: readonly string[]): Promise<string> => {
    const { stdout } = await runCli([...power, ...more], serve.env);
    return (JSON.parse(stdout) as { readonly id: string }).id;
  };
  const usual = await add();
  await expect.poll(spoken).toContain('告警：功率高于 1 W 持续 1 秒');
  const named = await add('--name', 'Low limit');
  await expect.poll(spoken, { timeout: 10_000 }).toContain('告警：Low limit');
  for (const id of [usual, named]) await runCli(['alerts', 'remove', id], serve.env);
});
