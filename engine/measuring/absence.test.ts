import { describe, expect, it } from 'vitest';
import { absenceBefore } from './absence.ts';

const newestTick = () => ({ atMs: 10_000, domainIds: ['gpu:0', 'cpu:0'] });

describe('the time in which no engine ran', () => {
  it('is a gap of all that was read last', () =>
    expect(absenceBefore(30_000, { newestTick })).toEqual([
      { domainId: 'gpu:0', fromMs: 10_000, toMs: 30_000, reason: 'restart', isBridged: false },
      { domainId: 'cpu:0', fromMs: 10_000, toMs: 30_000, reason: 'restart', isBridged: false },
    ]));

  it('is none where one takes over from another, nothing was ever read, or the clock was set back', () => {
    expect(absenceBefore(12_500, { newestTick })).toEqual([]);
    expect(absenceBefore(5000, { newestTick })).toEqual([]);
    expect(absenceBefore(30_000, { newestTick: () => null })).toEqual([]);
  });
});
