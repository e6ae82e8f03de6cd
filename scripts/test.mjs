// `npm test`: everything that can run on this machine; what was skipped and why; last line: `N passed, M failed`.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = join(root, 'test-results');
process.chdir(root);
// The project's own Node and tools come first, whatever started this script.
process.env.PATH = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
const nodeMajor = Number(process.versions.node.split('.')[0]);
if (nodeMajor < 24) {
  const own = join(root, 'node_modules/.bin/node');
  if (!existsSync(own)) console.error("The project's own Node is not installed: run npm install first.");
  process.exit(spawnSync(own, [fileURLToPath(import.meta.url)], { stdio: 'inherit' }).status ?? 1);
}

const { brokenSuite, outcomesOfPlaywright, summariesOf, totalsLine } = await import('./test-summaries.mjs');
/** @typedef {import('./test-summaries.mjs').Summary} Summary */

const minute = 60_000;

/**
 * Runs a tool with our own output. A tool that hangs is ended, and counts as failed.
 * @param {readonly string[]} command
 * @param {{ readonly limitMs: number, readonly env?: Readonly<Record<string, string>> }} options
 * @returns {Promise<number | string>} its exit code, or what ended it
 */
function run([file = '', ...args], { limitMs, env = {} }) {
  console.log(`\n> ${[file, ...args].join(' ')}`);
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      stdio: 'inherit',
      env: { ...process.env, ...env },
      shell: process.platform === 'win32',
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve(code ?? String(signal));
    });
  });
}

/**
 * @template T
 * @param {string} name
 * @param {(report: string) => Promise<number | string>} work runs the tool, which writes the report
 * @param {(report: T) => readonly Summary[]} read
 * @returns {Promise<readonly Summary[]>}
 */
async function suitesOf(name, work, read) {
  const report = join(reports, `${name}.json`);
  rmSync(report, { force: true });
  const end = await work(report);
  if (!existsSync(report)) return [brokenSuite(name, `it ended with ${end} and left no report`)];
  const summaries = read(JSON.parse(readFileSync(report, 'utf8')));
  const ran = summaries.reduce((sum, { passed, failures }) => sum + passed + failures.length, 0);
  if (ran === 0) return [...summaries, brokenSuite(name, 'no test ran')];
  const hasFailed = hasFailures(summaries);
  return end === 0 || hasFailed ? summaries : [...summaries, brokenSuite(name, `it ended with ${end}`)];
}

const vitest = () =>
  suitesOf(
    'vitest',
    (report) =>
      run(['vitest', 'run', '--reporter=default', '--reporter=./scripts/vitest-outcomes.mjs'], {
        limitMs: 12 * minute,
        env: { WATTRUN_TEST_OUTCOMES: report },
      }),
    summariesOf,
  );

const playwright = () =>
  suitesOf(
    'playwright',
    (report) =>
      run(['playwright', 'test', '--reporter=list,json'], {
        limitMs: 13 * minute,
        env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      }),
    (/** @type {Parameters<typeof outcomesOfPlaywright>[0]} */ report) => summariesOf(outcomesOfPlaywright(report)),
  );

/** @returns {{ node: string, browser: string, app: string, lacks: readonly string[] } | null} */
function readMachine() {
  const { stdout, status } = spawnSync('node', ['scripts/test-machine.mjs'], { encoding: 'utf8' });
  return status === 0 ? JSON.parse(stdout) : null;
}

/** @param {readonly Summary[]} summaries */
const hasFailures = (summaries) => summaries.some(({ failures }) => failures.length > 0);

/** @param {string} title @param {string | null} reason */
const indented = (title, reason) => `  ${title}\n${(reason ?? 'no reason given').replaceAll(/^/gm, '    ')}`;

/** @param {readonly Summary[]} summaries @param {ReturnType<typeof readMachine>} machine */
function tell(summaries, machine) {
  const lacks = machine?.lacks ?? [];
  const unsaid = lacks.length === 0 ? 'no reason given' : `this machine lacks ${lacks.join(', ')}`;
  console.log('\nWhere it ran');
  console.log(`  Node     ${machine?.node ?? process.version}`);
  console.log(`  Browser  ${machine?.browser ?? 'unknown'}`);
  console.log(`  The app  ${machine?.app ?? 'unknown'}`);
  console.log('\nSuites');
  for (const { name, passed, failures, skips } of summaries)
    console.log(`  ${name}: ${passed} passed, ${failures.length} failed, ${skips.length} skipped`);
  const skips = summaries.flatMap((summary) => summary.skips);
  if (skips.length > 0) console.log('\nSkipped');
  for (const { title, reason } of skips) console.log(`  ${title}\n    ${reason ?? unsaid}`);
  const unsteady = summaries.flatMap((summary) => summary.unsteady);
  if (unsteady.length > 0) console.log('\nFailed once, passed when tried again');
  for (const { title, reason } of unsteady) console.log(indented(title, reason));
  // Last, as of a long log the end is what is seen.
  const failures = summaries.flatMap((summary) => summary.failures);
  if (failures.length > 0) console.log('\nFailed');
  for (const { title, reason } of failures) console.log(indented(title, reason));
  console.log(`\n${totalsLine(summaries)}`);
}

mkdirSync(reports, { recursive: true });
const summaries = [...(await vitest()), ...(await playwright())];
tell(summaries, readMachine());
process.exitCode = hasFailures(summaries) ? 1 : 0;
