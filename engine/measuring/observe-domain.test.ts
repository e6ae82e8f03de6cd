import { describe, expect, it } from 'vitest';
import { exampleGpu, exampleReading } from '../../tests/examples.ts';
import type { GpuProcess } from '../sources/source.ts';
import { createDomainState } from './domain-state.ts';
import { heldBackBetween, learnIdleFrom } from './observe-domain.ts';

const counted = (atMs: number, seconds: number) =>
  exampleReading(atMs, { heldBackSeconds: { 'power-cap': seconds, heat: 0, 'hardware-slowdown': 0 } });

describe('the time held back between two readings', () => {
  it('is what the driver’s counters rose by, and no more than the time there was', () => {
    expect(heldBackBetween(counted(0, 5), counted(1000, 5.4))['power-cap']).toBeCloseTo(0.4, 9);
    expect(heldBackBetween(counted(0, 5), counted(1000, 9))['power-cap']).toBe(1);
    expect(heldBackBetween(counted(0, 5), counted(1000, 2))['power-cap']).toBe(0);
  });

  it('is by the reasons that both name where the driver does not count', () => {
    const before = exampleReading(0, { throttleReasons: ['heat', 'power cap'] });
    expect(heldBackBetween(before, exampleReading(1000, { throttleReasons: ['heat'] }))).toEqual({ heat: 1 });
  });

  it('is never below none, though a counter may be dated before an edge that was read before it', () => {
    const named = (atMs: number) => exampleReading(atMs, { throttleReasons: ['heat'] });
    expect(heldBackBetween(counted(1000, 5), counted(955, 5.1))).toEqual({
      'power-cap': 0,
      heat: 0,
      'hardware-slowdown': 0,
    });
    expect(heldBackBetween(named(1000), named(955))).toEqual({ heat: 0 });
  });
});

describe('the idle draw of a GPU', () => {
  const window: GpuProcess = { pid: 7, name: null, memoryUsedBytes: null, smRatio: 0.01, isOnlyDrawing: true };
  /** After a minute at 30 W of which each second is told by a reading with these processes. */
  function learnedWith(processes: readonly GpuProcess[]): number | null {
    const learned = { read: () => undefined, write: () => {} };
    const state = createDomainState(exampleGpu(), 0);
    for (let second = 0; second < 60; second++) {
      const values = { powerWatts: 30, utilizationRatio: 0, processes, processesAtMs: second * 1000 };
      Object.assign(state, {
        reading: exampleReading(second * 1000, values),
        lists: [{ processes, askedAtMs: second * 1000 }],
      });
      learnIdleFrom(state, { joules: 30, seconds: 1 }, { loadRatio: 0, learned });
    }
    return state.idle.idleWatts;
  }

  it('is learned while nothing computes on it, though a screen is drawn by it', () => {
    expect(learnedWith([])).toBeCloseTo(30, 9);
    expect(learnedWith([window])).toBeCloseTo(30, 9);
    expect(learnedWith([{ ...window, isOnlyDrawing: false }])).toBeNull();
  });
});
