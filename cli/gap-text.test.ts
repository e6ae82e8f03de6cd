import { describe, expect, it } from 'vitest';
import { gapText } from './gap-text.ts';

const times = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:00:02.000Z' };

describe('a gap in a run’s account', () => {
  it('says when, why in words, and that its energy is missing', () =>
    expect(gapText('GPU 0', { ...times, reason: 'no-reading', isBridged: false })).toBe(
      'no reading of GPU 0 from 2026-01-01T00:00:00.000Z to 2026-01-01T00:00:02.000Z: the source gave no value; its energy is missing',
    ));

  it('says what covers its energy: after a reset it is not the counter', () => {
    expect(gapText('GPU 0', { ...times, reason: 'timeout', isBridged: true })).toMatch(
      /in time; a counter covers the energy$/,
    );
    expect(gapText('GPU 0', { ...times, reason: 'reset', isBridged: true })).toMatch(
      /reset; power samples cover the energy$/,
    );
  });
});
