// What the runners reported, in one shape. Pure: parsed reports in, summaries out.
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {{ readonly title: string, readonly reason: string | null }} Named a test, and why it was skipped or failed, be it once
 * @typedef {{ readonly name: string, readonly passed: number, readonly unsteady: readonly Named[], readonly failures: readonly Named[], readonly skips: readonly Named[] }} Summary
 *   `passed` counts the unsteady ones too: those that failed once and passed when they were tried again, as CI does
 * @typedef {{ readonly suite: string, readonly title: string, readonly state: 'passed' | 'unsteady' | 'failed' | 'skipped', readonly reason: string | null }} Outcome
 */

/**
 * One summary for each suite, in the order in which they first appear.
 * @param {readonly Outcome[]} outcomes
 * @returns {readonly Summary[]}
 */
export function summariesOf(outcomes) {
  const bySuite = Map.groupBy(outcomes, ({ suite }) => suite);
  return [...bySuite].map(([name, own]) => ({
    name,
    passed: own.filter(({ state }) => state === 'passed' || state === 'unsteady').length,
    unsteady: namedIn(own, 'unsteady'),
    failures: namedIn(own, 'failed'),
    skips: namedIn(own, 'skipped'),
  }));
}

/** @param {readonly Outcome[]} outcomes @param {Outcome['state']} wanted @returns {readonly Named[]} */
const namedIn = (outcomes, wanted) =>
  outcomes.filter(({ state }) => state === wanted).map(({ title, reason }) => ({ title, reason }));

/** Enough to tell what went wrong where only the end of a log is kept. */
const mostErrorLines = 12;

/**
 * The first lines of what a runner says of a failure, without its colours.
 * @param {readonly (string | undefined)[]} messages
 * @returns {string | null}
 */
export function errorText(messages) {
  const text = stripVTControlCharacters(messages.filter((message) => message !== undefined).join('\n'));
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length === 0 ? null : lines.slice(0, mostErrorLines).join('\n');
}

/**
 * Outcomes of Playwright's JSON report; the suite is the folder under tests/. What kept the runner from running is a failure too.
 * @param {PlaywrightReport} report
 * @returns {readonly Outcome[]}
 *
 * @typedef {{ readonly type: string, readonly description?: string }} Annotation
 * @typedef {{ readonly errors?: readonly { readonly message?: string }[] }} Attempt
 * @typedef {{ readonly status: string, readonly annotations: readonly Annotation[], readonly results: readonly Attempt[] }} PlaywrightTest
 * @typedef {{ readonly title: string, readonly tests: readonly PlaywrightTest[] }} Spec
 * @typedef {{ readonly title: string, readonly file?: string, readonly specs?: readonly Spec[], readonly suites?: readonly Suite[] }} Suite
 * @typedef {{ readonly suites: readonly Suite[], readonly errors: readonly { readonly message?: string }[] }} PlaywrightReport
 */
export function outcomesOfPlaywright({ suites, errors }) {
  const broken = errors.map(({ message = 'the runner failed' }) => ({
    suite: 'e2e',
    title: message.split('\n')[0] ?? message,
    state: /** @type {const} */ ('failed'),
    reason: errorText([message]),
  }));
  return [...suites.flatMap((suite) => outcomesOfSuite(suite, [])), ...broken];
}

/**
 * @param {Suite} suite
 * @param {readonly string[]} above
 * @returns {readonly Outcome[]}
 */
function outcomesOfSuite({ title, file = title, specs = [], suites = [] }, above) {
  const titles = [...above, title];
  const own = specs.flatMap((spec) =>
    spec.tests.map((test) => ({
      suite: `e2e ${file.split('/')[0]}`,
      title: [...titles, spec.title].join(' › '),
      state: stateOf(test.status),
      reason: reasonOf(test),
    })),
  );
  return [...own, ...suites.flatMap((inner) => outcomesOfSuite(inner, titles))];
}

/** @type {Readonly<Record<string, Outcome['state']>>} */
const states = { expected: 'passed', flaky: 'unsteady', skipped: 'skipped' };

/** @param {string} status */
const stateOf = (status) => states[status] ?? 'failed';

/** @param {PlaywrightTest} test */
function reasonOf({ status, annotations, results }) {
  if (['failed', 'unsteady'].includes(stateOf(status)))
    return errorText(results.flatMap(({ errors = [] }) => errors.map(({ message }) => message)));
  if (status !== 'skipped') return null;
  const said = annotations.find(({ type }) => type === 'skip' || type === 'fixme');
  return said === undefined ? 'did not run: one before it in its group failed' : (said.description ?? null);
}

/**
 * The last line of a test run.
 * @param {readonly Summary[]} summaries
 */
export function totalsLine(summaries) {
  const sum = (/** @type {(summary: Summary) => number} */ of) => summaries.reduce((total, one) => total + of(one), 0);
  const skipped = sum(({ skips }) => skips.length);
  const tail = skipped === 0 ? '' : `, ${skipped} skipped`;
  return `${sum(({ passed }) => passed)} passed, ${sum(({ failures }) => failures.length)} failed${tail}`;
}

/** @param {string} name what did not come to an end in order @param {string} why @returns {Summary} */
export const brokenSuite = (name, why) => ({
  name,
  passed: 0,
  unsteady: [],
  failures: [{ title: name, reason: why }],
  skips: [],
});
