import { describe, expect, it } from 'vitest';
import { exampleCpu, exampleGpu, exampleReading } from '../../tests/examples.ts';
import { stepMeter } from '../energy/meter.ts';
import { initialMeter } from '../energy/meter-state.ts';
import { meterOptionsOf } from './domain-state.ts';
import { type ResumedRun, resumedMeter } from './resumed-meter.ts';

const gpu = exampleGpu();
const reading = exampleReading(0, { domain: gpu, counterJoules: 700 });
/** Since five minutes; last accounted for 4 s ago, when the counter stood at 500 J. */
const run = (change: Partial<NonNullable<ResumedRun['kept']>> = {}): ResumedRun => ({
  startMs: -300_000,
  kept: { atMs: -4000, counter: { joules: 500, source: gpu.source }, ...change },
});
const begunSince: ResumedRun = { startMs: -2000, kept: null };

describe('a meter that goes on from where another engine left its counter', () => {
  it('knows what was drawn meanwhile, and that nobody looked', () => {
    const step = stepMeter(resumedMeter(reading, [run(), begunSince]), reading, meterOptionsOf(gpu, 1));
    expect(step.intervals).toMatchObject([{ fromMs: -4000, toMs: 0, joules: 200, endCounterJoules: 700 }]);
    expect(step.gaps).toEqual([{ domainId: gpu.id, fromMs: -4000, toMs: 0, reason: 'restart', isBridged: true }]);
  });

  it.each([
    ['stands lower', { counterJoules: 499 }],
    ['tells of more than can be drawn', { counterJoules: 1e9 }],
    // 50 W.
    ['tells of far less than is drawn now', { powerWatts: 200 }],
  ])('is a reset where the counter %s', (_, change) => {
    const odd = { ...reading, ...change };
    const step = stepMeter(resumedMeter(odd, [run()]), odd, meterOptionsOf(gpu, 1));
    expect(step.intervals).toEqual([]);
    expect(step.gaps).toMatchObject([{ fromMs: -4000, toMs: 0, isBridged: false }]);
  });

  it.each<readonly [string, readonly ResumedRun[], number | null]>([
    ['no run is on', [], 700],
    ['all have begun since', [begunSince], 700],
    ['no counter was followed, or it is of another boot', [run({ counter: null })], 700],
    ['it was another source’s', [run({ counter: { joules: 500, source: 'other' } })], 700],
    ['there is none now', [run()], null],
    ['it was read later than now', [run({ atMs: 1000 })], 700],
    ['a run was accounted for by another engine still', [run(), run({ atMs: -9000 })], 700],
    ['a run that was on was not', [run(), { startMs: -300_000, kept: null }], 700],
  ])('is as new where %s', (_, runs, counterJoules) =>
    expect(resumedMeter({ ...reading, counterJoules }, runs)).toBe(initialMeter),
  );

  it('is as new where CPU time divides it', () => {
    const cpu = exampleCpu();
    const kept = run({ counter: { joules: 500, source: cpu.source } });
    expect(resumedMeter({ ...reading, domain: cpu }, [kept])).toBe(initialMeter);
  });
});
