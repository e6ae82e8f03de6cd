// `npm run bench [-- --only engine,first,stalls,run,output,overhead] [--seconds N] [--warm-up N] [--cli FILE…]`: the figures that the README states, as Markdown.
import { spawnSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readBuildNeed } from '../scripts/start-build.mjs';
import { benchEngineCost } from './engine-cost.ts';
import { benchFirstFigure } from './first-figure.ts';
import { benchOutputCost } from './output-cost.ts';
import { benchOverhead } from './overhead.ts';
import { renderReport } from './report.ts';
import { benchRunCost } from './run-cost.ts';
import { benchStalls } from './stalls.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string' },
    'warm-up': { type: 'string' },
    cli: { type: 'string', multiple: true },
  },
});
const seconds = values.seconds === undefined ? null : Number(values.seconds);
const warmUpSeconds = Number(values['warm-up'] ?? 60);

const benches = {
  engine: () => benchEngineCost(seconds ?? 60),
  first: benchFirstFigure,
  stalls: () => benchStalls(seconds ?? 30),
  run: benchRunCost,
  output: benchOutputCost,
  // Other builds can be compared, all in the same minute.
  overhead: () =>
    benchOverhead({
      seconds: seconds ?? 60,
      warmUpSeconds,
      cliFiles: values.cli ?? [join(root, 'bin/wattrun.mjs')],
    }),
};
const known = Object.keys(benches);
const asked = values.only?.split(',') ?? known;
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0 || Number.isNaN(seconds) || Number.isNaN(warmUpSeconds)) {
  console.error(`--only takes ${known.join(', ')}; --seconds and --warm-up a number`);
  process.exit(2);
}

if (readBuildNeed(root) !== 'none')
  spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
const [cpu] = cpus();
console.log(
  `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model ?? 'CPU'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; load before: ${loadavg()[0]?.toFixed(1)}\n`,
);
for (const name of /** @type {(keyof typeof benches)[]} */ (asked)) console.log(renderReport(await benches[name]()));
