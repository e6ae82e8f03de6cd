import { describe, expect, it } from 'vitest';
import { exampleGpu, exampleReading } from '../../tests/examples.ts';
import { createDomainState, type DomainState } from '../measuring/domain-state.ts';
import type { SourceReading } from '../sources/source.ts';
import { answeringMeters, wallNow } from './wall-now.ts';

const plug = (name: string, index: number, change: Partial<SourceReading> = {}): DomainState => {
  const domain = exampleGpu({ id: `wall:${name}`, kind: 'wall', index });
  const error = { lowRatio: 0.98, highRatio: 1.02, offsetWatts: 1 };
  return { ...createDomainState(domain, 0), reading: exampleReading(0, { domain, powerWatts: 200, error, ...change }) };
};
const silent = { powerWatts: null, missing: { reason: 'lost' as const, note: '' } };
const estimate = { powerWatts: 150, lowWatts: 130, highWatts: 170 };

describe('wallNow', () => {
  it('is what the meter says, within its own error, though there is an estimate', () =>
    // 200 x 0.98 - 1 and 200 x 1.02 + 1.
    expect(wallNow(answeringMeters([plug('desk', 0)]), estimate)).toEqual({
      powerWatts: 200,
      lowWatts: 195,
      highWatts: 205,
      isMeasured: true,
      meter: 'desk',
    }));

  it('is what the first meter of the settings says that answers, and never a sum of meters', () => {
    const second = plug('strip', 1, { powerWatts: 300 });
    expect(wallNow(answeringMeters([second, plug('desk', 0)]), null)).toMatchObject({ powerWatts: 200, meter: 'desk' });
    expect(wallNow(answeringMeters([second, plug('desk', 0, silent)]), null)).toMatchObject({ meter: 'strip' });
  });

  it('is the estimate, marked as one, where no meter answers', () =>
    expect(wallNow(answeringMeters([plug('desk', 0, silent)]), estimate)).toEqual({
      ...estimate,
      isMeasured: false,
      meter: null,
    }));

  it('is nothing without either', () => expect(wallNow([], null)).toBeNull());

  it('is never below nothing', () =>
    expect(wallNow(answeringMeters([plug('desk', 0, { powerWatts: 0.5 })]), null)?.lowWatts).toBe(0));
});
