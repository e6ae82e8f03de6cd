import { describe, expect, it } from 'vitest';
import { exampleCpu, exampleGpu, exampleReading } from '../../tests/examples.ts';
import type { SourceReading } from '../sources/source.ts';
import { createDomainState, deviceStateOf, meterOptionsOf, shownWatts } from './domain-state.ts';

const stateWith = (reading: Partial<SourceReading> | null, intervalWatts: number | null = null) => ({
  ...createDomainState(reading?.domain ?? exampleGpu(), 0),
  reading: reading === null ? null : exampleReading(0, reading),
  intervalWatts,
});
const notebook = { pid: 1, name: 'jupyter', memoryUsedBytes: 1, smRatio: 0 };
const lost = { reason: 'lost' as const, note: 'gone' };

describe('the power that is shown', () => {
  it('is the mean since the reading before: what is shown and what is booked agree', () =>
    expect(shownWatts(stateWith({ powerWatts: 300 }, 250))).toBe(250));

  it('is the sensor’s own until there is an interval', () =>
    expect(shownWatts(stateWith({ powerWatts: 300 }))).toBe(300));

  it('is not known without a reading, and without one now', () => {
    expect(shownWatts(stateWith(null, 250))).toBeNull();
    expect(shownWatts(stateWith({ missing: lost }, 250))).toBeNull();
    expect(shownWatts(stateWith({}))).toBeNull();
  });
});

describe('the state of a device', () => {
  it.each([
    ['unmeasured before its first reading', null, 'unmeasured'],
    ['lost without one now', { missing: lost, utilizationRatio: 0.9 }, 'lost'],
    [
      'throttled when it is held back against its will',
      { throttleReasons: ['heat'], utilizationRatio: 0.9 },
      'throttled',
    ],
    ['busy at its power cap, which somebody chose', { throttleReasons: ['power cap'], utilizationRatio: 0.9 }, 'busy'],
    ['idle with next to no use', { utilizationRatio: 0.02 }, 'idle'],
    ['held idle by a process that does nothing', { utilizationRatio: 0, processes: [notebook] }, 'held-idle'],
    [
      'idle where a desktop alone is drawn by it',
      { utilizationRatio: 0, processes: [{ ...notebook, isOffComputeList: true }] },
      'idle',
    ],
    ['idle where its use is not known and nobody holds it', { utilizationRatio: null, processes: [] }, 'idle'],
    ['busy for a CPU whose load is not known', { domain: exampleCpu(), utilizationRatio: null }, 'busy'],
  ])('is %s', (_, reading, state) => expect(deviceStateOf(stateWith(reading))).toBe(state));
});

describe('what a meter takes for possible', () => {
  it('is twice a GPU’s limit, which is an average, and four times a CPU’s TDP, above which it boosts', () => {
    expect(meterOptionsOf(exampleGpu({ limitWatts: 400 }), 1).maxWatts).toBe(800);
    expect(meterOptionsOf(exampleCpu({ limitWatts: 125 }), 1).maxWatts).toBe(500);
  });

  it('is a bound for its kind where it tells no limit', () => {
    expect(meterOptionsOf(exampleGpu({ limitWatts: null }), 1).maxWatts).toBe(2500);
    expect(meterOptionsOf(exampleCpu({ limitWatts: null }), 1).maxWatts).toBe(1500);
  });

  it('lets samples lie two and a half periods apart, or two and a half seconds', () => {
    expect(meterOptionsOf(exampleGpu(), 0.1).longestStepMs).toBe(2500);
    expect(meterOptionsOf(exampleGpu(), 60).longestStepMs).toBe(150_000);
  });
});
