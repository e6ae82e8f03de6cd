import { describe, expect, it } from 'vitest';
import type { Epoch } from '../../shared/model/progress.ts';
import { axisEnd, epochBars, nameEvery } from './epoch-bars.ts';

const epoch = (change: Partial<Epoch>): Epoch => ({
  index: 1,
  isDone: true,
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-01-01T00:01:00.000Z',
  seconds: 60,
  joules: 600,
  lowJoules: 570,
  highJoules: 630,
  coverage: 1,
  steps: 30,
  isShort: false,
  ...change,
});

describe('bars of epochs', () => {
  it('are the energy of each, or of one of its steps', () => {
    expect(epochBars([epoch({})], 'epoch')[0]).toMatchObject({ joules: 600, lowJoules: 570, highJoules: 630 });
    // 600 J in 30 steps: 20 J each.
    expect(epochBars([epoch({})], 'step')[0]).toMatchObject({ joules: 20, lowJoules: 19, highJoules: 21 });
  });

  it('leave out what is no epoch, has no energy, or no steps where these are asked for', () => {
    const epochs = [epoch({ index: null }), epoch({ joules: null }), epoch({ steps: null })];
    expect(epochBars(epochs, 'epoch')).toHaveLength(1);
    expect(epochBars(epochs, 'step')).toHaveLength(0);
  });

  it('have a cap of what the unseen time would be at the power of the rest', () => {
    // 600 J in three quarters of its time: 200 J in the last.
    expect(epochBars([epoch({ coverage: 0.75 })], 'epoch')[0]?.unseenJoules).toBeCloseTo(200, 9);
  });

  it('stand on an axis that ends on a round number, however wide one bound is', () => {
    expect(axisEnd(epochBars([epoch({})], 'epoch'))).toBe(1000);
    expect(axisEnd(epochBars([epoch({ joules: 4.1, highJoules: 4.3 })], 'epoch'))).toBe(5);
    // Bounds of ten times the bar do not make the bar a line: twice the bar is the most.
    expect(axisEnd(epochBars([epoch({ joules: 90, highJoules: 900 })], 'epoch'))).toBe(200);
    expect(axisEnd([])).toBe(1);
  });

  it('are named one by one while there is room', () => {
    expect([nameEvery(3), nameEvery(24), nameEvery(25), nameEvery(240)]).toEqual([1, 1, 2, 10]);
  });
});
