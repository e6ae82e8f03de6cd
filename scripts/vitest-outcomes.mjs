// A vitest reporter: writes every test's outcome to WATTRUN_TEST_OUTCOMES. The JSON reporter of vitest leaves out why a test was skipped.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { errorText } from './test-summaries.mjs';

/** @typedef {import('vitest/node').TestModule} TestModule @typedef {import('vitest/node').TestCase} TestCase @typedef {import('vitest/node').TestResult} TestResult @typedef {import('./test-summaries.mjs').Outcome} Outcome */

/** @param {TestModule} module @returns {readonly Outcome[]} */
function outcomesOf(module) {
  const suite = module.project.name;
  const file = relative(process.cwd(), module.moduleId);
  const broken = module.errors().map(({ message }) => ({
    suite,
    title: file,
    state: /** @type {const} */ ('failed'),
    reason: errorText([message]),
  }));
  const tests = [...module.children.allTests()].map((test) => {
    const result = test.result();
    return {
      suite,
      title: `${file} › ${test.fullName}`,
      state: stateOf(test),
      reason: reasonOf(result),
    };
  });
  return [...broken, ...tests];
}

/** @param {TestCase} test @returns {Outcome['state']} */
function stateOf(test) {
  const { state } = test.result();
  // One that never began, because its file broke off, is no success.
  if (state === 'pending') return 'failed';
  return state === 'passed' && test.diagnostic()?.flaky === true ? 'unsteady' : state;
}

/** @param {TestResult} result */
function reasonOf(result) {
  if (result.state === 'skipped') return result.note ?? null;
  if (result.state === 'pending') return 'it never began';
  return errorText((result.errors ?? []).map(({ message, diff }) => [message, diff].filter(Boolean).join('\n')));
}

// biome-ignore lint/style/noDefaultExport: vitest loads reporters by their default export
export default class OutcomesReporter {
  /** @param {readonly TestModule[]} modules @param {readonly { readonly message: string }[]} errors */
  onTestRunEnd(modules, errors) {
    const unhandled = errors.map(({ message }) => ({
      suite: 'unhandled errors',
      title: 'outside of any test',
      state: 'failed',
      reason: errorText([message]),
    }));
    const path = process.env.WATTRUN_TEST_OUTCOMES;
    if (path !== undefined) writeFileSync(path, JSON.stringify([...modules.flatMap(outcomesOf), ...unhandled]));
  }
}
