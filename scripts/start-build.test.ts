import { describe, expect, it } from 'vitest';
import { buildNeed } from './start-build.mjs';

describe('whether to build first', () => {
  it('builds what is missing, and what is older than its sources', () => {
    expect(buildNeed({ outputTimesMs: [10, null], newestSourceMs: 5 })).toBe('missing');
    expect(buildNeed({ outputTimesMs: [10, 20], newestSourceMs: 15 })).toBe('stale');
    expect(buildNeed({ outputTimesMs: [10, 20], newestSourceMs: 9 })).toBe('none');
  });

  it('takes a package without sources as it is', () => {
    expect(buildNeed({ outputTimesMs: [10], newestSourceMs: null })).toBe('none');
  });
});
