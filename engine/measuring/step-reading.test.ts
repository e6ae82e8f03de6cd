import { describe, expect, it } from 'vitest';
import { exampleGpu, exampleReading } from '../../tests/examples.ts';
import type { SourceReading } from '../sources/source.ts';
import { createDomainState } from './domain-state.ts';
import { stepReading } from './step-reading.ts';

const options = { periodMs: 1000, longestStepMs: 2500, longestBridgeMs: 600_000, maxWatts: 1000 };

/** What the last of these readings gives. */
function lastOf(...readings: readonly SourceReading[]) {
  const state = createDomainState(exampleGpu(), 0);
  let step = stepReading(state, exampleReading(0), options);
  for (const reading of readings) {
    step = stepReading(state, reading, options);
    state.meter = step.state;
  }
  return step;
}

const counted = (atMs: number, counterJoules: number, change: Partial<SourceReading> = {}): SourceReading =>
  exampleReading(atMs, { counterJoules, ...change });
const sampled = (atMs: number, change: Partial<SourceReading> = {}): SourceReading =>
  exampleReading(atMs, { powerWatts: 200, powerWindowSeconds: 1, ...change });

describe('a reading with the counter’s renewal before it', () => {
  it('is two steps of the meter, at the moments of both', () => {
    const renewalBefore = { atMs: 900, counterJoules: 270, counterLagSeconds: 0.002 };
    const { intervals } = lastOf(counted(0, 0), counted(1000, 290, { renewalBefore }));
    expect(intervals.map(({ fromMs, toMs, joules }) => [fromMs, toMs, joules])).toEqual([
      [0, 900, 270],
      [900, 1000, 20],
    ]);
  });
});

describe('a gap that ends with a reading', () => {
  it('is the driver’s that let it wait', () => {
    // Asked at 2 s, answered at 4 s for the second before.
    expect(lastOf(sampled(1000), sampled(4000, { waitedSeconds: 2 })).gaps).toMatchObject([
      { fromMs: 1000, toMs: 3000, reason: 'timeout', isBridged: false },
    ]);
    expect(lastOf(counted(1000, 0), counted(4000, 600, { waitedSeconds: 2 })).gaps).toMatchObject([
      { fromMs: 1000, toMs: 4000, reason: 'timeout', isBridged: true },
    ]);
  });

  it('has no such reason where none waited, and keeps the one it has', () => {
    expect(lastOf(sampled(1000), sampled(4000)).gaps).toMatchObject([{ reason: 'no-reading' }]);
    const lost = exampleReading(2000, { missing: { reason: 'lost', note: 'gone' } });
    expect(lastOf(counted(1000, 0), lost).gaps).toMatchObject([{ reason: 'lost' }]);
  });
});
