import { defineConfig } from 'vitest/config';

// A shared machine may stall any test once; one that needed its second try is named in the summary.
const retry = process.env.CI === undefined ? 0 : 1;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{shared,engine,cli,electron,renderer,scripts,tests/fakes,tests/app,tests/fuzz}/**/*.test.{ts,tsx}',
          ],
          environment: 'node',
          setupFiles: ['tests/property-seed.ts'],
          // A source's own take seconds of real time, and more where the machine is busy.
          testTimeout: 20_000,
          retry,
          // Nearly all are pure: they need no process of their own for each file, and what waits, waits beside them.
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: ['tests/fresh-build.ts'],
          environment: 'node',
          setupFiles: ['tests/property-seed.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          retry,
          // Each starts programs of its own and mostly waits for them; more than two would measure each other.
          maxWorkers: 2,
          maxConcurrency: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
