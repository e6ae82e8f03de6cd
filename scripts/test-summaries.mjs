// What the runners reported, in one shape. Pure: parsed reports in, summaries out.

/**
 * @typedef {{ readonly title: string, readonly reason: string | null }} Skip
 * @typedef {{ readonly name: string, readonly passed: number, readonly failed: number, readonly skips: readonly Skip[] }} Summary
 * @typedef {{ readonly suite: string, readonly title: string, readonly state: 'passed' | 'failed' | 'skipped', readonly reason: string | null }} Outcome
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
    passed: own.filter(({ state }) => state === 'passed').length,
    failed: own.filter(({ state }) => state === 'failed').length,
    skips: own.filter(({ state }) => state === 'skipped').map(({ title, reason }) => ({ title, reason })),
  }));
}

/**
 * Outcomes of Playwright's JSON report; the suite is the folder under tests/. What kept the runner from running is a failure too.
 * @param {PlaywrightReport} report
 * @returns {readonly Outcome[]}
 *
 * @typedef {{ readonly type: string, readonly description?: string }} Annotation
 * @typedef {{ readonly status: string, readonly annotations: readonly Annotation[] }} PlaywrightTest
 * @typedef {{ readonly title: string, readonly tests: readonly PlaywrightTest[] }} Spec
 * @typedef {{ readonly title: string, readonly file?: string, readonly specs?: readonly Spec[], readonly suites?: readonly Suite[] }} Suite
 * @typedef {{ readonly suites: readonly Suite[], readonly errors: readonly { readonly message?: string }[] }} PlaywrightReport
 */
export function outcomesOfPlaywright({ suites, errors }) {
  const broken = errors.map(({ message = 'the runner failed' }) => ({
    suite: 'e2e',
    title: message.split('\n')[0] ?? message,
    state: /** @type {const} */ ('failed'),
    reason: null,
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

/** @param {string} status `expected`, `unexpected`, `flaky` or `skipped` @returns {Outcome['state']} */
const stateOf = (status) => (status === 'skipped' ? 'skipped' : status === 'expected' ? 'passed' : 'failed');

/** @param {PlaywrightTest} test */
function reasonOf({ status, annotations }) {
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
  return `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed${tail}`;
}

/** @param {string} name what did not come to an end in order @param {string} why @returns {Summary} */
export const brokenSuite = (name, why) => ({ name: `${name} (${why})`, passed: 0, failed: 1, skips: [] });
