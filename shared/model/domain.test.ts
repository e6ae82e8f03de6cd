import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { domainKinds, isSummed, provenances, weakestProvenance } from './domain.ts';

describe('weakestProvenance', () => {
  it('is the weakest kind that carries at least a tenth of the joules', () => {
    expect(weakestProvenance({ counter: 90, model: 10 })).toBe('model');
    expect(weakestProvenance({ counter: 91, model: 9 })).toBe('counter');
    expect(weakestProvenance({ counter: 40, sensor: 30, model: 15, assumed: 15 })).toBe('assumed');
  });

  it('is null without joules', () => {
    expect(weakestProvenance({})).toBeNull();
    expect(weakestProvenance({ counter: 0 })).toBeNull();
  });

  it('is one of the kinds there are, whatever their joules', () => {
    const joules = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.record({ counter: joules, sensor: joules, model: joules, assumed: joules }), (shares) => {
        const total = provenances.reduce((sum, kind) => sum + shares[kind], 0);
        const weakest = weakestProvenance(shares);
        if (total === 0) expect(weakest).toBeNull();
        else expect(shares[weakest!]).toBeGreaterThanOrEqual(total * 0.1);
      }),
    );
  });
});

it('sums parts that do not contain one another', () => {
  expect(domainKinds.filter(isSummed)).toEqual(['gpu', 'cpu', 'dram', 'other']);
});
