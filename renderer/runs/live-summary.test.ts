import { describe, expect, it } from 'vitest';
import type { LiveRun } from '../../shared/model/live.ts';
import { withLiveSums } from './live-report.ts';
import { withLiveFigures } from './live-summary.ts';
import { runReport, runSummary } from './run-fixtures.ts';

const now: LiveRun = {
  id: 'a1',
  name: 'r',
  project: null,
  status: 'running',
  colorIndex: 0,
  startedAtMs: 0,
  durationSeconds: 100,
  powerWatts: 300,
  totalJoules: 20_000,
  lowJoules: 19_000,
  highJoules: 22_000,
  coverage: 0.8,
  meanWatts: 250,
  provenance: 'sensor',
  emissionsGramsCO2e: 10,
  costAmount: 0.5,
  isLowerBound: false,
  deviceIds: [],
  progress: null,
};

describe('withLiveFigures', () => {
  it('moves a running row on, with mean power over the time that was seen', () => {
    const [row] = withLiveFigures([runSummary({ status: 'running' })], [now]);
    // 10 g for 20,000 J: 9.5 g and 11 g at its bounds.
    expect(row).toMatchObject({ totalJoules: 20_000, coverage: 0.8, meanWatts: 250, cost: { amount: 0.5 } });
    expect(row?.emissions.lowGramsCO2e).toBeCloseTo(9.5, 9);
    expect(row?.emissions.highGramsCO2e).toBeCloseTo(11, 9);
  });

  it('leaves every other row the same object', () => {
    const finished = runSummary({ status: 'finished' });
    const stranger = runSummary({ id: 'other', status: 'running' });
    const rows = withLiveFigures([finished, stranger], [now]);
    expect(rows[0]).toBe(finished);
    expect(rows[1]).toBe(stranger);
  });
});

describe('withLiveSums', () => {
  it('moves a running report on and lets its bounds of emissions grow with the energy', () => {
    const stored = runReport({
      run: { status: 'running', endedAt: null },
      energy: { totalJoules: 10_000 },
      emissions: { gramsCO2e: 5, lowGramsCO2e: 4, highGramsCO2e: 6 },
    });
    // Twice the energy: 4 and 6 g become 8 and 12 g.
    expect(withLiveSums(stored, now)).toMatchObject({
      energy: { totalJoules: 20_000, meanWatts: 250 },
      emissions: { gramsCO2e: 10, lowGramsCO2e: 8, highGramsCO2e: 12 },
    });
  });

  it('does not touch a run that has ended', () => {
    const ended = runReport();
    expect(withLiveSums(ended, now)).toBe(ended);
    expect(withLiveSums(ended, undefined)).toBe(ended);
  });
});
