import { defineConfig } from '@playwright/test';

/** One test at a time: each keeps two cores busy with a browser and an engine, and they would measure each other. */
export default defineConfig({
  testDir: 'tests',
  testMatch: '**/*.e2e.ts',
  globalSetup: './tests/fresh-build.ts',
  fullyParallel: false,
  workers: 1,
  // A shared machine may stall any test once; one that needed its second try is named in the summary.
  retries: process.env.CI === undefined ? 0 : 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  outputDir: 'test-results/e2e',
  // A page opens in the context of the test before, emptied: half of a test's work was a new one with all code compiled anew.
  use: { reuseContext: true, video: 'off', trace: 'off', screenshot: 'only-on-failure' },
});
