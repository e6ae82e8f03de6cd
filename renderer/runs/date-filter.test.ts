import { describe, expect, it } from 'vitest';
import { dateSpan, dayStartMs, noDates } from './date-filter.ts';

const noon = new Date(2025, 10, 29, 12).getTime();
const midnight = (day: number): number => new Date(2025, 10, day).getTime();

describe('dateSpan', () => {
  it('holds both days whole', () =>
    expect(dateSpan({ ...noDates, from: '2025-11-10', to: '2025-11-23' }, noon)).toEqual({
      fromMs: midnight(10),
      toMs: midnight(24),
    }));
  it('counts today among the last days', () => {
    expect(dateSpan({ ...noDates, lastDays: 1 }, noon)).toEqual({ fromMs: midnight(29), toMs: null });
    expect(dateSpan({ ...noDates, lastDays: 7 }, noon)).toEqual({ fromMs: midnight(23), toMs: null });
  });
  it('is open where nothing is chosen, or what is chosen is no day', () => {
    expect(dateSpan(noDates, noon)).toEqual({ fromMs: null, toMs: null });
    expect(dayStartMs('yesterday', 0)).toBeNull();
  });
});
