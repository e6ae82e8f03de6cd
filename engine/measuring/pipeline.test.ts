import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Domain } from '../../shared/model/domain.ts';
import {
  exampleContext,
  exampleCpu,
  exampleDomainTotals,
  exampleGpu,
  exampleReading,
  exampleRun,
} from '../../tests/examples.ts';
import { createFakeClock } from '../clock/fake-clock.ts';
import { createTimeline } from '../clock/timeline.ts';
import type { Interval } from '../energy/interval.ts';
import { fakeTree } from '../machine/fake-machine.ts';
import { type Machine, unknownProcesses } from '../machine/machine.ts';
import { type ActiveRun, createActiveRun } from '../runs/active-run.ts';
import type { SourceReading } from '../sources/source.ts';
import type { TickRecord } from '../store/records.ts';
import { shownWatts } from './domain-state.ts';
import { createPipeline } from './pipeline.ts';

const startUnixMs = 1_700_000_000_000;

/** A pipeline at 0 s of a fake clock whose monotonic time begins at 0, with runs that the test adds. */
function setUp({ bootMs = null }: { readonly bootMs?: number | null } = {}) {
  const clock = createFakeClock(startUnixMs, 0);
  const runs: ActiveRun[] = [];
  const intervals: Interval[] = [];
  const domains: Domain[] = [];
  const world = { busySeconds: 0, treeSeconds: 0 };
  const machine: Machine = {
    facts: () => Promise.reject(new Error('not asked for')),
    readCpuTimes: () => ({ busySeconds: world.busySeconds, totalSeconds: 1e6 }),
    readMemoryUsedBytes: () => null,
    readTree: (pid) => fakeTree(pid, world.treeSeconds),
    hasProcess: () => true,
    hasAllPids: () => false,
    readBootMs: () => bootMs,
    ...unknownProcesses,
  };
  const pipeline = createPipeline({
    clock,
    timeline: createTimeline(clock),
    machine,
    learned: exampleContext(clock).learned,
    periodSeconds: () => 1,
    activeRuns: () => runs,
    onInterval: (interval) => intervals.push(interval),
    onDomain: ({ domain }) => domains.push(domain),
  });
  return {
    clock,
    runs,
    intervals,
    domains,
    world,
    pipeline,
    addRun(id: string, rootPid: number): ActiveRun {
      const run = createActiveRun(exampleRun({ id, rootPid }), clock.monotonicMs());
      runs.push(run);
      return run;
    },
    /** The reading of a counter now, with the processes on it as they were listed `ago` ms before. */
    read: (counterJoules: number, pids: readonly number[] = [], ago = 0): SourceReading =>
      exampleReading(clock.monotonicMs(), {
        counterJoules,
        idleWatts: 0,
        processes: pids.map((pid) => ({ pid, name: null, memoryUsedBytes: null, smRatio: null })),
        processesAtMs: clock.monotonicMs() - ago,
      }),
  };
}

/** Of this tick, and of those before that are told of with it. */
function shareOf(tick: TickRecord, runId: string | null, domainId: string | null): number | undefined {
  const samples = [...tick.runSamples, ...tick.lateSamples.flatMap((late) => late.samples)];
  const own = samples.filter((sample) => sample.runId === runId && sample.domainId === domainId);
  return own.length === 0 ? undefined : own.reduce((sum, { joules }) => sum + joules, 0);
}

describe('a tick', () => {
  it('books a counter’s step as the domain’s sample and the run’s share, and its power as the machine’s', () => {
    const { pipeline, clock, addRun, read, intervals } = setUp();
    const run = addRun('a', 7);
    pipeline.process([read(1000, [7])]);
    clock.advance(1000);
    const tick = pipeline.process([read(1300, [7])]);
    expect(tick).toMatchObject({ atMs: startUnixMs + 1000, gaps: [] });
    expect(tick.machine).toMatchObject({ powerWatts: 300, joules: 300, seconds: 1 });
    expect(tick.samples).toMatchObject([
      { domainId: 'gpu:GPU-0', powerWatts: 300, joules: 300, seconds: 1, provenance: 'counter' },
    ]);
    expect(shareOf(tick, 'a', 'gpu:GPU-0')).toBe(300);
    expect(shareOf(tick, 'a', null)).toBe(300);
    expect(shareOf(tick, null, null)).toBe(0);
    expect(pipeline.progressOf(run).totals).toMatchObject({ totalJoules: 300, machineJoules: 300, coverage: 1 });
    expect(intervals.map((interval) => interval.joules)).toEqual([300]);
  });

  it('tells a run’s power over the part of it in which the run was on: its beginning and its end too', () => {
    const { pipeline, clock, addRun, read } = setUp();
    const ticks: TickRecord[] = [];
    const tick = (): void => void ticks.push(pipeline.process([read((300 * clock.monotonicMs()) / 1000, [7])]));
    tick();
    clock.advance(600);
    const run = addRun('a', 7);
    for (let i = 0; i < 3; i++) {
      clock.advance(i === 0 ? 400 : 1000);
      tick();
    }
    clock.advance(700);
    run.endMs = clock.monotonicMs();
    clock.advance(300);
    tick();
    clock.advance(1000);
    tick();
    // 300 W for 3.1 s: 0.4 s, 1 s, 1 s and 0.7 s of it.
    const own = ticks.map((one) => shareOf(one, 'a', null));
    expect(own.map((joules) => joules && Math.round(joules))).toEqual([undefined, 120, 300, 300, 210, undefined]);
    expect(ticks.map((one) => Math.round(shareOf(one, null, null) ?? 0))).toEqual([0, 180, 0, 0, 90, 300]);
    expect(pipeline.progressOf(run).totals.totalJoules).toBeCloseTo(930, 6);
  });

  it('counts no power of a domain that its source says nothing more of: after 15 s that is a gap', () => {
    const { pipeline, clock, addRun } = setUp();
    const run = addRun('a', 7);
    const at = (kind: 'cpu' | 'gpu', powerWatts: number): SourceReading =>
      exampleReading(clock.monotonicMs(), {
        domain: kind === 'cpu' ? exampleCpu() : exampleGpu({ provenance: 'sensor' }),
        powerWatts,
        powerWindowSeconds: 1,
      });
    pipeline.process([at('cpu', 50), at('gpu', 300)]);
    let tick = pipeline.process([]);
    const powers: (number | null)[] = [];
    for (let second = 1; second <= 20; second++) {
      clock.advance(1000);
      // The row's column of the GPU is blank from now on.
      tick = pipeline.process([at('cpu', 50)]);
      powers.push(tick.machine.powerWatts);
    }
    expect(powers.slice(0, 15)).toEqual(Array(15).fill(350));
    expect(powers.slice(15)).toEqual(Array(5).fill(50));
    expect(pipeline.states().get('gpu:GPU-0')).toMatchObject({
      state: 'lost',
      reading: { missing: { reason: 'no-reading', note: 'Its source has said nothing of it for 16 s.' } },
    });
    expect(run.ledger.watts.has('gpu:GPU-0')).toBe(false);
  });

  it.each([65_535, -3, Number.NaN, Number.POSITIVE_INFINITY])('shows and books no power of %s W', (powerWatts) => {
    const { pipeline, clock } = setUp();
    const at = (watts: number): SourceReading =>
      exampleReading(clock.monotonicMs(), {
        domain: exampleGpu({ provenance: 'sensor' }),
        powerWatts: watts,
        instantWatts: watts,
        powerWindowSeconds: 1,
      });
    pipeline.process([at(300)]);
    clock.advance(1000);
    const tick = pipeline.process([at(powerWatts)]);
    expect(tick.machine).toMatchObject({ powerWatts: null, joules: 0 });
    expect(tick.gaps).toMatchObject([{ reason: 'invalid', isBridged: false }]);
    expect(pipeline.states().get('gpu:GPU-0')?.reading).toMatchObject({ powerWatts: null, instantWatts: null });
  });

  it('leaves to nobody what no run used', () => {
    const { pipeline, clock, addRun, read } = setUp();
    addRun('a', 7);
    pipeline.process([read(0, [99])]);
    clock.advance(1000);
    const tick = pipeline.process([read(300, [99])]);
    expect(shareOf(tick, 'a', 'gpu:GPU-0')).toBeUndefined();
    expect(shareOf(tick, null, null)).toBe(300);
  });

  it('may be a run’s that was over before anybody asked who uses the GPU: none of it is told, all of it is possible', () => {
    const { pipeline, clock, addRun, read } = setUp();
    pipeline.process([read(0)]);
    clock.advance(300);
    const short = addRun('short', 7);
    const long = addRun('long', 8);
    clock.advance(500);
    short.endMs = clock.monotonicMs();
    clock.advance(200);
    // Lists at 0 s and 1 s: half of the 300 J of that second may be the one's that lived from 0.3 s to 0.8 s; the other was there for 0.7 s and is not listed.
    pipeline.process([read(300)]);
    expect(pipeline.progressOf(short).totals).toMatchObject({ totalJoules: 0, lowJoules: 0 });
    expect(short.ledger.domains.get('gpu:GPU-0')?.runHighJoules).toBeCloseTo(150, 9);
    expect(long.ledger.domains.get('gpu:GPU-0')?.runHighJoules).toBe(0);
  });

  it('may be a run’s that nobody saw beside another: what that one was given may have been its', () => {
    const { pipeline, clock, addRun, read } = setUp();
    addRun('seen', 8);
    pipeline.process([read(0, [8])]);
    const short = addRun('short', 7);
    clock.advance(550);
    short.endMs = clock.monotonicMs();
    // The list of its end is one that its process is gone from.
    pipeline.process([read(200, [8])]);
    expect(short.ledger.domains.get('gpu:GPU-0')).toMatchObject({ runJoules: 0, runLowJoules: 0 });
    expect(short.ledger.domains.get('gpu:GPU-0')?.runHighJoules).toBeCloseTo(200, 9);
  });

  it('is not a long run’s for a list of its last moment', () => {
    const { pipeline, clock, addRun, read } = setUp();
    const long = addRun('long', 7);
    pipeline.process([read(0, [8])]);
    for (let second = 1; second <= 3; second++) {
      clock.advance(1000);
      pipeline.process([read(second * 300, [8])]);
    }
    clock.advance(50);
    long.endMs = clock.monotonicMs();
    pipeline.process([read(915, [8])]);
    expect(long.ledger.domains.get('gpu:GPU-0')?.runHighJoules).toBe(0);
  });

  it('tells no power of a run on a GPU that others have taken over', () => {
    const { pipeline, clock, addRun, read } = setUp();
    const first = addRun('a', 7);
    const second = addRun('b', 8);
    let joules = 0;
    const tick = (pid: number): TickRecord => {
      clock.advance(1000);
      joules += 300;
      return pipeline.process([read(joules, [pid])]);
    };
    pipeline.process([read(0, [7])]);
    tick(7);
    expect(first.ledger.watts.get('gpu:GPU-0')).toBe(300);
    // The list before still has the first: it may have used the GPU until just before the new one.
    tick(8);
    const after = tick(8);
    expect(first.ledger.watts.get('gpu:GPU-0')).toBe(0);
    expect(second.ledger.watts.get('gpu:GPU-0')).toBe(300);
    expect(shareOf(after, 'a', null)).toBe(0);
    expect(shareOf(after, 'b', null)).toBe(300);
    expect(shareOf(after, null, null)).toBe(0);
  });

  it('tells of a domain when it is new, and when its name, number or what it can tell changes, but not its limit', () => {
    const { pipeline, clock, domains } = setUp();
    const as = (change: Partial<Domain>): void => {
      pipeline.process([exampleReading(clock.monotonicMs(), { domain: exampleGpu(change), powerWatts: 100 })]);
      clock.advance(1000);
    };
    for (const change of [{}, {}, { limitWatts: 450 }, { index: 1, label: 'GPU 1' }, { cannotBeSplit: 'MIG' }])
      as(change);
    expect(domains.map(({ label, cannotBeSplit }) => [label, cannotBeSplit])).toEqual([
      ['GPU 0', null],
      ['GPU 1', null],
      ['GPU 0', 'MIG'],
    ]);
  });

  it('has a time of its own, even when two come within a millisecond', () => {
    const { pipeline, read } = setUp();
    const first = pipeline.process([read(0)]).atMs;
    expect(pipeline.process([read(0)]).atMs).toBeGreaterThan(first);
  });

  it('keeps several readings of a domain in one sample', () => {
    const { pipeline, clock, read } = setUp();
    pipeline.process([read(0)]);
    clock.advance(1000);
    const early = read(100);
    clock.advance(1000);
    expect(pipeline.process([early, read(350)]).samples).toMatchObject([{ joules: 350, seconds: 2, powerWatts: 250 }]);
  });
});

describe('a GPU’s energy', () => {
  it('waits for a list of processes that was asked for after its end', () => {
    const { pipeline, clock, addRun, read } = setUp();
    addRun('a', 7);
    pipeline.process([read(0)]);
    clock.advance(1000);
    // This list is half a second old: it cannot know who used the GPU until now.
    expect(shareOf(pipeline.process([read(300, [], 500)]), 'a', 'gpu:GPU-0')).toBeUndefined();
    clock.advance(1000);
    // This one was asked for at 1.5 s: it speaks for the first second, not for the second one.
    expect(shareOf(pipeline.process([read(500, [7], 500)]), 'a', 'gpu:GPU-0')).toBe(300);
    clock.advance(1000);
    expect(shareOf(pipeline.process([read(600, [7], 0)]), 'a', 'gpu:GPU-0')).toBe(200 + 100);
  });

  it('is told of with the tick in which it was drawn, however late its users are known', () => {
    const { pipeline, clock, addRun, read } = setUp();
    addRun('a', 7);
    pipeline.process([read(0)]);
    const ticks = [300, 500, 600].map((counterJoules, index) => {
      clock.advance(1000);
      // Asked for at 0.5 s, 1.5 s and 3 s.
      return pipeline.process([read(counterJoules, index === 0 ? [] : [7], index === 2 ? 0 : 500)]);
    });
    const told = ticks.map((tick) => ({
      own: tick.runSamples.flatMap(({ domainId, joules }) => (domainId === null ? [] : joules)),
      late: tick.lateSamples.flatMap(({ atMs, samples }) => samples.map(({ joules }) => [atMs, joules])),
    }));
    expect(told).toEqual([
      { own: [], late: [] },
      { own: [], late: [[ticks[0]?.atMs, 300]] },
      { own: [100], late: [[ticks[1]?.atMs, 200]] },
    ]);
  });

  it('goes to a run whose process ended with it, by a list that many readings carried', () => {
    const { pipeline, clock, addRun, read } = setUp();
    const run = addRun('a', 7);
    pipeline.process([read(0, [7])]);
    for (const second of [1, 2, 3]) {
      clock.advance(1000);
      // Asked for every other second: at 0 s, and at 2 s, when the process was still there.
      pipeline.process([read(second * 300, [7], second === 3 ? 1000 : second * 1000)]);
    }
    clock.advance(700);
    run.endMs = clock.monotonicMs();
    clock.advance(300);
    // At 3.8 s it had ended. The readings of 3 s and 4 s carry different lists, those of 1 s and 2 s the same.
    pipeline.process([read(1110, [], 200)]);
    pipeline.attributeAll();
    // Three seconds of 300 W and 0.7 of the last, in which 210 J were drawn: cut by time.
    expect(run.ledger.domains.get('gpu:GPU-0')?.runJoules).toBeCloseTo(900 + 147, 9);
  });

  it('waits on while its driver does not answer, and goes to those who used it before and after', () => {
    const { pipeline, clock, addRun, read } = setUp();
    const [user, other] = [addRun('a', 7), addRun('b', 8)];
    pipeline.process([read(0, [7])]);
    clock.advance(1000);
    pipeline.process([read(300, [7], 500)]);
    clock.advance(3000);
    pipeline.process([exampleReading(4000, { missing: { reason: 'timeout', note: 'It hangs.' } })]);
    expect(user.ledger.domains.get('gpu:GPU-0')?.runJoules ?? 0).toBe(0);
    clock.advance(1000);
    pipeline.process([read(1500, [7])]);
    expect(user.ledger.domains.get('gpu:GPU-0')).toMatchObject({ runJoules: 1500 });
    expect(other.ledger.domains.get('gpu:GPU-0')?.runJoules ?? 0).toBe(0);
  });

  it('is divided by its users at the edge of a run too, where the counter’s renewal before is known', () => {
    const { pipeline, clock, addRun, read, intervals } = setUp();
    const user = addRun('a', 7);
    pipeline.process([{ ...read(0, [7]), utilizationRatio: 0.9 }]);
    const busySinceMs = pipeline.states().get('gpu:GPU-0')?.stateSinceUnixMs;
    clock.advance(500);
    const other = addRun('b', 8);
    const renewalBefore = { atMs: 420, counterJoules: 126, counterLagSeconds: 0.002 };
    // Nobody asks for the list at an edge: it is that of the beginning.
    const edge = { ...read(156, [7], 500), atMs: 520, utilizationRatio: 0.9, renewalBefore };
    pipeline.process([edge]);
    expect(intervals.map(({ fromMs, toMs, joules }) => [fromMs, toMs, joules])).toEqual([
      [0, 420, 126],
      [420, 520, 30],
    ]);
    expect(user.ledger.domains.get('gpu:GPU-0')?.runJoules ?? 0).toBe(0);
    clock.advance(1000);
    pipeline.process([{ ...read(450, [7]), utilizationRatio: 0.9 }]);
    expect(user.ledger.domains.get('gpu:GPU-0')).toMatchObject({ runJoules: 450, joules: 450 });
    expect(other.ledger.domains.get('gpu:GPU-0')?.runJoules ?? 0).toBe(0);
    expect(pipeline.states().get('gpu:GPU-0')).toMatchObject({ state: 'busy', stateSinceUnixMs: busySinceMs });
  });

  it('is not taken from those who go on when another run ends, nor from one that has just begun', () => {
    const { pipeline, clock, runs, addRun, read } = setUp();
    const list = (shares: Readonly<Record<number, number>>) => ({
      processes: Object.entries(shares).map(([pid, smRatio]) => ({
        pid: Number(pid),
        name: null,
        memoryUsedBytes: null,
        smRatio,
      })),
    });
    const [long] = [addRun('long', 7)];
    pipeline.process([{ ...read(0), ...list({ 7: 0.3 }) }]);
    clock.advance(1000);
    // A run begins between two lists, and ends between two others.
    const short = addRun('short', 8);
    pipeline.process([{ ...read(300, [], 500), ...list({ 7: 0.3 }) }]);
    clock.advance(1000);
    pipeline.process([{ ...read(600), ...list({ 7: 0.3, 8: 0.6 }) }]);
    clock.advance(500);
    short.endMs = clock.monotonicMs();
    pipeline.process([{ ...read(750, [], 500), ...list({ 7: 0.3, 8: 0.6 }) }]);
    pipeline.attributeAll();
    runs.splice(runs.indexOf(short), 1);
    clock.advance(1000);
    pipeline.process([{ ...read(1050), ...list({ 7: 0.3 }) }]);
    expect(short.ledger.domains.get('gpu:GPU-0')?.runJoules).toBeCloseTo(200 + 100, 9);
    expect(long.ledger.domains.get('gpu:GPU-0')?.runJoules).toBeCloseTo(300 + 100 + 50 + 300, 9);
  });

  it('does not wait for ever', () => {
    const { pipeline, clock, addRun, read } = setUp();
    addRun('a', 7);
    pipeline.process([read(0, [7])]);
    let given = 0;
    for (let second = 1; second <= 24; second++) {
      clock.advance(1000);
      // The driver never gives another list than that of the beginning.
      given += shareOf(pipeline.process([read(second * 100, [7], second * 1000)]), 'a', 'gpu:GPU-0') ?? 0;
    }
    // Whatever ended more than 20 s ago is divided: at 24 s the three seconds until 3 s.
    expect(given).toBe(300);
  });

  it('is divided at a run’s end with the newest list there is', () => {
    const { pipeline, clock, addRun, read } = setUp();
    const run = addRun('a', 7);
    pipeline.process([read(0, [7])]);
    clock.advance(1000);
    pipeline.process([read(300, [7], 500)]);
    expect(pipeline.progressOf(run).totals.totalJoules).toBeNull();
    expect(pipeline.attributeAll().flatMap(({ samples }) => samples)).toMatchObject([
      { runId: 'a', domainId: 'gpu:GPU-0', joules: 300 },
    ]);
    expect(pipeline.progressOf(run).totals.totalJoules).toBe(300);
  });
});

describe('what is on record while something may be no run', () => {
  it('leaves room for all that it was given, of which an engine that is killed tells nothing any more', () => {
    const { pipeline, clock, addRun, read } = setUp();
    addRun('sure', 7);
    const open = addRun('open', 8);
    open.isProvisional = true;
    pipeline.process([read(0, [7, 8])]);
    clock.advance(1000);
    const boundsOf = (tick: TickRecord): readonly (number | undefined)[] =>
      ['sure', 'open'].map(
        (id) => tick.runs.find(({ record }) => record.id === id)?.domains.get('gpu:GPU-0')?.runHighJoules,
      );
    // 300 J, shared equally: all of it may have been the first one's.
    expect(boundsOf(pipeline.process([read(300, [7, 8])]))).toEqual([300, 150]);
    clock.advance(1000);
    open.isProvisional = false;
    expect(boundsOf(pipeline.process([read(600, [7, 8])]))).toEqual([300, 300]);
  });
});

describe('a counter that is read every few milliseconds', () => {
  it('tells the power that is shown and the peak by what its steps add up to', () => {
    const { pipeline, clock, addRun } = setUp();
    const run = addRun('a', 7);
    let joules = 0;
    const cpu = (watts: number): SourceReading => {
      clock.advance(20);
      joules += watts * 0.02;
      return exampleReading(clock.monotonicMs(), { domain: exampleCpu(), counterJoules: joules, idleWatts: 0 });
    };
    const second = (watts: number): TickRecord => pipeline.process(Array.from({ length: 50 }, () => cpu(watts)));
    const powers = [second(100), second(300), second(50)].map(
      (tick) => tick.samples.find((sample) => sample.domainId === 'cpu:0')?.powerWatts,
    );
    expect(powers).toEqual([100, 300, 50].map((watts) => expect.closeTo(watts, 6)));
    expect(run.ledger.domains.get('cpu:0')?.peakWatts).toBeCloseTo(300, 6);
    expect(pipeline.states().get('cpu:0')?.lowestWatts).toBeCloseTo(50, 6);
  });
});

describe('a counter that was not read for a minute', () => {
  it('tells what was drawn, and neither the power now nor that of an idle device', () => {
    const { pipeline, clock, intervals } = setUp();
    const readAt = (counterJoules: number): TickRecord =>
      pipeline.process([exampleReading(clock.monotonicMs(), { counterJoules, powerWatts: 40, processes: [] })]);
    readAt(0);
    clock.advance(1000);
    readAt(300);
    clock.advance(60_000);
    expect(readAt(18_300).gaps).toMatchObject([{ isBridged: true }]);
    expect(intervals.at(-1)?.joules).toBe(18_000);
    const state = [...pipeline.states().values()][0];
    expect(state?.intervalWatts).toBeNull();
    expect(state && shownWatts(state)).toBe(40);
    expect(state?.idle.idleWatts).toBeNull();
    clock.advance(1000);
    readAt(18_340);
    expect(state?.intervalWatts).toBeCloseTo(40, 9);
  });
});

describe('time before the first reading', () => {
  const cpuAt = (atMs: number, counterJoules: number): SourceReading =>
    exampleReading(atMs, { domain: exampleCpu(), counterJoules });

  it('is a gap from the run’s start, with its reason', () => {
    const { pipeline, clock, addRun, read } = setUp();
    pipeline.process([read(0)]);
    addRun('a', 7);
    for (let second = 0; second < 3; second++) {
      pipeline.process([]);
      clock.advance(1000);
    }
    const { gaps } = pipeline.process([read(900), cpuAt(3000, 0)]);
    expect(gaps.filter(({ domainId }) => domainId === 'cpu:0')).toEqual([
      { domainId: 'cpu:0', fromMs: startUnixMs, toMs: startUnixMs + 3000, reason: 'no-reading', isBridged: false },
    ]);
    clock.advance(1000);
    expect(pipeline.process([read(1200), cpuAt(4000, 60)]).gaps).toEqual([]);
  });

  it('is none where no run is on', () => {
    const { pipeline, clock } = setUp();
    clock.advance(3000);
    expect(pipeline.process([cpuAt(3000, 0)]).gaps).toEqual([]);
  });

  it('goes back to where another engine’s account of the run ends', () => {
    const { pipeline, clock, addRun } = setUp();
    const run = addRun('a', 7);
    run.startMs = -60_000;
    run.ledger.domains.set(
      'cpu:0',
      exampleDomainTotals({ joules: 500, coveredSeconds: 50, accountedToMs: startUnixMs - 10_000 }),
    );
    clock.advance(500);
    expect(pipeline.process([cpuAt(500, 0)]).gaps).toEqual([
      {
        domainId: 'cpu:0',
        fromMs: startUnixMs - 10_000,
        toMs: startUnixMs + 500,
        reason: 'restart',
        isBridged: false,
      },
    ]);
  });

  it('is bridged, with its power, where a GPU’s counter has counted on since', () => {
    const { pipeline, clock, addRun, read } = setUp({ bootMs: 3_600_000 });
    const run = addRun('a', 7);
    run.startMs = -60_000;
    const { id, source } = exampleGpu();
    const accountedCounter = { joules: 1000, source };
    run.ledger.domains.set(
      id,
      exampleDomainTotals({ joules: 500, coveredSeconds: 56, accountedToMs: startUnixMs - 4000, accountedCounter }),
    );
    clock.advance(1000);
    const { gaps, runSamples } = pipeline.process([read(1600, [7])]);
    expect(gaps).toMatchObject([{ fromMs: startUnixMs - 4000, reason: 'restart', isBridged: true }]);
    expect(run.ledger.domains.get(id)).toMatchObject({ joules: 1100, coveredSeconds: 61 });
    const sampled = runSamples.filter(({ runId }) => runId === 'a');
    expect(sampled.map(({ domainId, seconds, joules }) => [domainId, seconds, joules])).toEqual([
      [id, 5, 600],
      [null, 5, 600],
    ]);
  });

  it('is the whole time where nobody here reads what another engine did', () => {
    const { pipeline, clock, addRun } = setUp();
    const run = addRun('a', 7);
    run.ledger.domains.set('cpu:0', exampleDomainTotals({ joules: 500, accountedToMs: startUnixMs - 10_000 }));
    clock.advance(2000);
    expect(pipeline.closeAccounts(2000)).toMatchObject([
      { domainId: 'cpu:0', fromMs: startUnixMs - 10_000, toMs: startUnixMs + 2000, reason: 'restart' },
    ]);
    expect(pipeline.closeAccounts(2000)).toEqual([]);
  });
});

describe('time without readings', () => {
  const lost = { reason: 'lost' as const, note: 'gone' };

  it('is a gap, and power is not known in it', () => {
    const { pipeline, clock, addRun, read } = setUp();
    const run = addRun('a', 7);
    pipeline.process([read(0, [7])]);
    clock.advance(1000);
    pipeline.process([read(300, [7])]);
    clock.advance(1000);
    const tick = pipeline.process([exampleReading(2000, { missing: lost })]);
    expect(tick.gaps).toEqual([
      { domainId: 'gpu:GPU-0', fromMs: startUnixMs + 1000, toMs: startUnixMs + 2000, reason: 'lost', isBridged: false },
    ]);
    expect(tick.samples).toMatchObject([{ powerWatts: null, joules: null, seconds: 0 }]);
    expect(tick.machine.powerWatts).toBeNull();
    expect(shareOf(tick, 'a', null)).toBeUndefined();
    // One of two seconds was seen.
    expect(pipeline.progressOf(run).totals).toMatchObject({ totalJoules: 300, coverage: 0.5 });
  });

  it('is missing from a run whose device is there and never read: it may have drawn up to its limit, and one that is gone nothing', () => {
    const { pipeline, clock, addRun, read } = setUp();
    const at = (reason: 'timeout' | 'lost' | 'asleep'): SourceReading =>
      exampleReading(clock.monotonicMs(), {
        domain: exampleGpu({ id: `gpu:${reason}`, limitWatts: 700 }),
        missing: { reason, note: 'test' },
      });
    const run = addRun('a', 7);
    for (let second = 0; second <= 10; second++) {
      pipeline.process([read(300 * second, [7]), at('timeout'), at('lost'), at('asleep')]);
      clock.advance(1000);
    }
    const { totals } = pipeline.progressOf(run);
    expect(totals.totalJoules).toBe(3000);
    // One of three was seen; the one that sleeps is not missed.
    expect(totals.coverage).toBeCloseTo(1 / 3, 9);
    expect(totals.highJoules).toBeGreaterThanOrEqual(3000 + 10 * 700);
    expect(totals.highJoules).toBeLessThan(3000 + 11 * 700 + 1000);
    expect([...run.ledger.domains.keys()]).toEqual(['gpu:GPU-0', 'gpu:timeout', 'gpu:lost']);
  });

  it('leaves a run on what nobody reads now with a power that is a lower bound, until it is read again or others have it', () => {
    const { pipeline, clock, addRun, read } = setUp();
    const run = addRun('a', 7);
    const counted = (joules: number, pids: readonly number[]): void => {
      clock.advance(1000);
      pipeline.process([read(joules, pids)]);
    };
    const miss = (): void => {
      clock.advance(1000);
      pipeline.process([exampleReading(clock.monotonicMs(), { missing: lost })]);
    };
    pipeline.process([read(0, [7])]);
    counted(300, [7]);
    expect([...run.ledger.unread]).toEqual([]);
    miss();
    expect([...run.ledger.unread]).toEqual(['gpu:GPU-0']);
    counted(900, [7]);
    counted(1200, [7]);
    expect([...run.ledger.unread]).toEqual([]);
    miss();
    addRun('b', 8);
    counted(1800, [8]);
    counted(2100, [8]);
    expect([...run.ledger.unread]).toEqual([]);
  });

  it('is not laid at its source’s door where this process itself did not run', () => {
    const { pipeline, clock, read } = setUp();
    pipeline.process([read(0)]);
    clock.advance(1000);
    pipeline.process([read(100)]);
    clock.advance(5000);
    const [fromMs, toMs] = [startUnixMs + 1000, startUnixMs + 6000];
    expect(pipeline.process([read(700)]).gaps).toEqual([
      { domainId: 'gpu:GPU-0', fromMs, toMs, reason: 'held-up', isBridged: true },
    ]);
    // A driver that hangs has its own reason: one that held this process up, and one while rounds go on.
    const late = { reason: 'timeout' as const, note: 'no answer' };
    clock.advance(5000);
    expect(pipeline.process([{ ...read(1000), waitedSeconds: 4 }]).gaps).toMatchObject([{ reason: 'timeout' }]);
    for (let second = 0; second < 5; second++) {
      clock.advance(1000);
      pipeline.process([exampleReading(clock.monotonicMs(), { missing: late })]);
    }
    clock.advance(1000);
    expect(pipeline.process([read(1300)]).gaps).toMatchObject([{ reason: 'timeout', isBridged: true }]);
  });

  it('is a gap of every domain when the machine slept', () => {
    const { pipeline, clock, read } = setUp();
    const cpu = exampleReading(0, { domain: exampleCpu(), powerWatts: 50, powerWindowSeconds: 1 });
    pipeline.process([read(0), cpu]);
    clock.advance(1000);
    // The wall clock went on for a minute, the monotonic one did not.
    clock.stepUnix(60_000);
    const gaps = pipeline.process([read(100)]).gaps;
    expect(gaps).toEqual(
      ['gpu:GPU-0', 'cpu:0'].map((domainId) => ({
        domainId,
        fromMs: startUnixMs + 1000,
        toMs: startUnixMs + 61_000,
        reason: 'suspend',
        isBridged: false,
      })),
    );
  });

  it('is known by the domains that lie behind, and closed when asked', () => {
    const { pipeline, clock, read } = setUp();
    pipeline.process([read(0), exampleReading(0, { domain: exampleCpu(), counterJoules: 0 })]);
    clock.advance(1000);
    pipeline.process([read(300)]);
    expect(pipeline.isCovered(1000)).toBe(false);
    expect([...pipeline.behind(1000)]).toEqual(['cpu:0']);
    expect(pipeline.closeAccounts(1000)).toEqual([
      { domainId: 'cpu:0', fromMs: startUnixMs, toMs: startUnixMs + 1000, reason: 'no-reading', isBridged: false },
    ]);
    expect(pipeline.isCovered(1000)).toBe(true);
  });
});

describe('the sum of the machine', () => {
  it('leaves out what contains other parts', () => {
    const { pipeline, clock, read } = setUp();
    const platform = (joules: number): SourceReading =>
      exampleReading(clock.monotonicMs(), {
        domain: exampleGpu({ id: 'platform', kind: 'platform' }),
        counterJoules: joules,
      });
    pipeline.process([read(0), platform(0)]);
    clock.advance(1000);
    expect(pipeline.process([read(300), platform(400)]).machine.powerWatts).toBe(300);
  });

  it('is the runs and the rest, to the joule, under any overlap of runs', () => {
    const step = fc.record({
      joules: fc.integer({ min: 1, max: 500 }),
      cpuJoules: fc.integer({ min: 1, max: 200 }),
      // Which runs' processes are on the GPU, and who begins or ends.
      on: fc.subarray([1, 2, 3]),
      toggles: fc.option(fc.constantFrom(1, 2, 3), { nil: null }),
      busySeconds: fc.integer({ min: 0, max: 16 }),
      treeShare: fc.double({ min: 0, max: 1, noNaN: true }),
      lateMs: fc.constantFrom(0, 0, 0, 37, 400),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        const { pipeline, clock, runs, addRun, read, world, intervals } = setUp();
        const ended: ActiveRun[] = [];
        let [gpuJoules, cpuJoules] = [0, 0];
        const now = (on: readonly number[]): readonly SourceReading[] => [
          read(gpuJoules, on),
          exampleReading(clock.monotonicMs(), { domain: exampleCpu(), counterJoules: cpuJoules, idleWatts: 40 }),
        ];
        pipeline.process(now([]));
        for (const { joules, cpuJoules: more, on, toggles, busySeconds, treeShare, lateMs } of steps) {
          clock.advance(lateMs);
          const running = runs.find((run) => run.record.rootPid === toggles && run.endMs === null);
          if (running !== undefined) running.endMs = clock.monotonicMs();
          else if (toggles !== null) addRun(`run${runs.length + ended.length}`, toggles);
          clock.advance(1000);
          [gpuJoules, cpuJoules] = [gpuJoules + joules, cpuJoules + more];
          world.busySeconds += busySeconds;
          world.treeSeconds += busySeconds * treeShare;
          pipeline.process(now(on));
          for (const run of runs.filter((one) => one.endMs !== null)) {
            ended.push(run);
            runs.splice(runs.indexOf(run), 1);
          }
        }
        for (const domainId of ['gpu:GPU-0', 'cpu:0']) {
          const whole = intervals.filter((one) => one.domainId === domainId).reduce((sum, one) => sum + one.joules, 0);
          const given = [...runs, ...ended].map((run) => run.ledger.domains.get(domainId));
          expect(given.every((totals) => (totals?.runJoules ?? 0) >= 0)).toBe(true);
          expect(given.every((totals) => (totals?.runJoules ?? 0) <= (totals?.joules ?? 0) * (1 + 1e-9))).toBe(true);
          const sum = given.reduce((total, totals) => total + (totals?.runJoules ?? 0), 0);
          expect(sum).toBeLessThanOrEqual(whole * (1 + 1e-9));
          expect(whole).toBeCloseTo(domainId === 'cpu:0' ? cpuJoules : gpuJoules, 6);
        }
      }),
      { numRuns: 200 },
    );
  });
});
