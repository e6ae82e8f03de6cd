import { describe, expect, it } from 'vitest';
import { brokenSuite, errorText, outcomesOfPlaywright, summariesOf, totalsLine } from './test-summaries.mjs';

const playwrightTest = (status: string, annotations: { type: string; description?: string }[] = []) => ({
  status,
  annotations,
  results:
    status === 'unexpected' || status === 'flaky'
      ? [{ errors: [{ message: '\u001b[31mexpected 1\u001b[39m\n\n  got 2' }] }, { errors: [] }]
      : [{}],
});

const report = {
  errors: [],
  suites: [
    {
      title: 'app/app.e2e.ts',
      file: 'app/app.e2e.ts',
      specs: [
        { title: 'opens', tests: [playwrightTest('expected')] },
        { title: 'closes', tests: [playwrightTest('unexpected')] },
      ],
      suites: [
        {
          title: 'the tray',
          file: 'app/app.e2e.ts',
          specs: [
            { title: 'is there', tests: [playwrightTest('skipped', [{ type: 'skip', description: 'no tray' }])] },
            { title: 'is clicked', tests: [playwrightTest('skipped')] },
          ],
        },
      ],
    },
    { title: 'serve/a.e2e.ts', file: 'serve/a.e2e.ts', specs: [{ title: 'a', tests: [playwrightTest('flaky')] }] },
  ],
};

describe('summaries of a test run', () => {
  it('counts each folder of browser tests, and says why a test failed or was skipped', () => {
    expect(summariesOf(outcomesOfPlaywright(report))).toEqual([
      {
        name: 'e2e app',
        passed: 1,
        unsteady: [],
        failures: [{ title: 'app/app.e2e.ts › closes', reason: 'expected 1\n  got 2' }],
        skips: [
          { title: 'app/app.e2e.ts › the tray › is there', reason: 'no tray' },
          { title: 'app/app.e2e.ts › the tray › is clicked', reason: 'did not run: one before it in its group failed' },
        ],
      },
      // A test that passed at its second try only has passed, and is named.
      {
        name: 'e2e serve',
        passed: 1,
        unsteady: [{ title: 'serve/a.e2e.ts › a', reason: 'expected 1\n  got 2' }],
        failures: [],
        skips: [],
      },
    ]);
  });

  it('takes what kept the runner from running for a failure', () => {
    const outcomes = outcomesOfPlaywright({ suites: [], errors: [{ message: 'no such file\n  at x' }] });
    expect(summariesOf(outcomes)).toEqual([
      {
        name: 'e2e',
        passed: 0,
        unsteady: [],
        failures: [{ title: 'no such file', reason: 'no such file\n  at x' }],
        skips: [],
      },
    ]);
    expect(totalsLine([brokenSuite('vitest', 'it ended with SIGKILL')])).toBe('0 passed, 1 failed');
  });

  it('keeps the first lines of an error, and says nothing where nothing was said', () => {
    const lines = Array.from({ length: 20 }, (_, at) => `line ${at + 1}`);
    expect(errorText([lines.join('\n')])?.split('\n')).toHaveLength(12);
    expect(errorText([undefined, ''])).toBeNull();
  });

  it('sums up in one line, with what was skipped only where something was', () => {
    const suite = { name: 'unit', passed: 3, unsteady: [], failures: [], skips: [] };
    expect(totalsLine([suite, suite])).toBe('6 passed, 0 failed');
    expect(totalsLine([suite, { ...suite, skips: [{ title: 'a', reason: null }] }])).toBe(
      '6 passed, 0 failed, 1 skipped',
    );
  });
});
