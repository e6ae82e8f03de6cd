import { defineConfig } from '@playwright/test';

/** Two files at a time: a page waits about as long as it computes, and of more on two cores the waits are not kept. */
export default defineConfig({
  testDir: 'tests',
  testMatch: '**/*.e2e.ts',
  globalSetup: './tests/fresh-build.ts',
  fullyParallel: false,
  workers: 2,
  // A shared machine may stall any test once; one that needed its second try is named in the summary.
  retries: process.env.CI === undefined ? 0 : 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  outputDir: 'test-results/e2e',
  // A page opens in the context of the test before, emptied: half of a test's work was a new one with all code compiled anew.
  use: { reuseContext: true, video: 'off', trace: 'off', screenshot: 'only-on-failure' },
});
