// `npm run bench:ui [-- --only uplot,opening,frames,interactions,runs,day] [--days N] [--hours N] [--runs N] [--seconds N] [--record FILE]`: what the pages cost, in a real Chromium.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../engine/clock/clock.ts';
import { readBuildNeed } from '../scripts/start-build.mjs';
import { type Report, renderReport } from './report.ts';
import { benchBesideUplot } from './ui/beside-uplot.ts';
import { openBrowser } from './ui/browser.ts';
import { benchDayOpen } from './ui/day-open.ts';
import { benchFrames, benchInteractions, benchOpening } from './ui/month.ts';
import { writeMonth } from './ui/month-record.ts';
import { benchRuns } from './ui/runs.ts';
import { writeRuns } from './ui/runs-record.ts';
import { type ServedEngine, serveSimulated } from './ui/served.ts';

const root = dirname(import.meta.dirname);
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    days: { type: 'string', default: '30' },
    hours: { type: 'string', default: '24' },
    seconds: { type: 'string', default: '30' },
    runs: { type: 'string', default: '5000' },
    /** Kept from one call to the next: a month takes minutes to write. */
    record: { type: 'string' },
  },
});
const [days, hours, seconds] = [Number(values.days), Number(values.hours), Number(values.seconds)];
const runs = Number(values.runs);
const uiDirectory = join(root, 'out/renderer');
if (readBuildNeed(root) !== 'none')
  spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });

const browser = await openBrowser();
const folder = mkdtempSync(join(tmpdir(), 'wattrun-bench-ui-'));
const path = values.record ?? join(folder, 'wattrun.db');
const served: ServedEngine[] = [];

async function month(): Promise<ServedEngine> {
  const [known] = served;
  if (known !== undefined) return known;
  if (!existsSync(path)) await writeMonth(path, days, (message) => console.error(message));
  const made = await serveSimulated({ path, clock: systemClock, isTicking: true, uiDirectory });
  served.push(made);
  return made;
}

async function manyRuns(): Promise<Report> {
  const runsPath = join(folder, 'runs.db');
  writeRuns(runsPath, runs);
  const made = await serveSimulated({ path: runsPath, clock: systemClock, isTicking: true, uiDirectory });
  try {
    return await benchRuns(browser, made, runs);
  } finally {
    await made.close();
  }
}

const benches: Readonly<Record<string, () => Promise<Report>>> = {
  uplot: () => benchBesideUplot(browser),
  opening: async () => benchOpening(browser, await month(), days),
  frames: async () => benchFrames(browser, await month(), seconds),
  interactions: async () => benchInteractions(browser, await month()),
  runs: manyRuns,
  day: () => benchDayOpen(browser, uiDirectory, hours),
};
try {
  console.log(`${browser.description}; ${cpus().length} cores; load before: ${loadavg()[0]?.toFixed(1)}\n`);
  for (const name of values.only?.split(',') ?? Object.keys(benches)) {
    const bench = benches[name];
    if (bench === undefined) throw new Error(`--only takes ${Object.keys(benches).join(', ')}`);
    console.log(renderReport(await bench()));
  }
} finally {
  for (const one of served) await one.close();
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
