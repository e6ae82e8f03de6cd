// A vitest reporter: writes every test's outcome to WATTRUN_TEST_OUTCOMES. The JSON reporter of vitest leaves out why a test was skipped.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** @typedef {import('vitest/node').TestModule} TestModule @typedef {import('./test-summaries.mjs').Outcome} Outcome */

/** @param {TestModule} module @returns {readonly Outcome[]} */
function outcomesOf(module) {
  const suite = module.project.name;
  const file = relative(process.cwd(), module.moduleId);
  const broken = module.errors().map(({ message }) => ({
    suite,
    title: `${file}: ${message}`,
    state: /** @type {const} */ ('failed'),
    reason: null,
  }));
  const tests = [...module.children.allTests()].map((test) => {
    const result = test.result();
    return {
      suite,
      title: `${file} › ${test.fullName}`,
      // One that never began, because its file broke off, is no success.
      state: result.state === 'pending' ? /** @type {const} */ ('failed') : result.state,
      reason: (result.state === 'skipped' ? result.note : undefined) ?? null,
    };
  });
  return [...broken, ...tests];
}

// biome-ignore lint/style/noDefaultExport: vitest loads reporters by their default export
export default class OutcomesReporter {
  /** @param {readonly TestModule[]} modules @param {readonly { readonly message: string }[]} errors */
  onTestRunEnd(modules, errors) {
    const unhandled = errors.map(({ message }) => ({
      suite: 'unhandled errors',
      title: message,
      state: 'failed',
      reason: null,
    }));
    const path = process.env.WATTRUN_TEST_OUTCOMES;
    if (path !== undefined) writeFileSync(path, JSON.stringify([...modules.flatMap(outcomesOf), ...unhandled]));
  }
}
