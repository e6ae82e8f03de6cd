import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Domain } from '../../shared/model/domain.ts';
import { exampleContext } from '../../tests/examples.ts';
import { createFakeClock } from '../clock/fake-clock.ts';
import {
  type Coverage,
  failingNow,
  type Shortfall,
  type Source,
  type SourceDefinition,
  type SourceReading,
  unavailable,
  unknownValues,
} from '../sources/source.ts';
import { createSampler, type Sampler } from './sampler.ts';

const periodSeconds = 0.05;
/** Tells when a source has hung; what a round waits for is real time. */
const clock = createFakeClock(1_700_000_000_000);
const exact = { lowRatio: 1, highRatio: 1, offsetWatts: 0 };

const domainOf = (id: string): Domain => ({
  id,
  kind: 'other',
  name: id,
  label: id,
  index: 0,
  limitWatts: null,
  memoryTotalBytes: null,
  source: id,
  provenance: 'sensor',
  isSimulated: false,
  gain: null,
  cannotBeSplit: null,
});

/** A source of one domain that does as its test says. */
interface FakeSource {
  readonly definition: SourceDefinition;
  readonly counts: { probes: number; opens: number; reads: number; closes: number };
  isThere: boolean;
  /** It is there and fails just now. */
  isFailing: boolean;
  isExpected: boolean;
  /** Real milliseconds that a probe takes. */
  probeMs: number;
  /** 'ok' reads 100 W. 'says' answers why it has none. 'sleeps' that its device does. 'throws' fails each read. 'hangs' never answers until `release`. 'heeds' answers when no more is waited for. */
  mode: 'ok' | 'says' | 'sleeps' | 'throws' | 'hangs' | 'heeds';
  release: () => void;
  shortfall: Shortfall | null;
}

function createFakeSource(id: string, covers: Coverage): FakeSource {
  const domain = domainOf(id);
  const counts = { probes: 0, opens: 0, reads: 0, closes: 0 };
  const reading = (): SourceReading => ({
    domain,
    ...unknownValues,
    atMs: clock.monotonicMs(),
    powerWatts: 100,
    error: exact,
  });
  const fake: FakeSource = {
    counts,
    isThere: true,
    isFailing: false,
    isExpected: false,
    probeMs: 0,
    mode: 'ok',
    shortfall: null,
    release: () => {},
    definition: {
      descriptor: { id, label: `Fake ${id}`, measures: 'nothing', provenance: 'sensor', sameNumberCommand: '' },
      async probe() {
        counts.probes++;
        if (fake.probeMs > 0) await new Promise((resolve) => setTimeout(resolve, fake.probeMs));
        if (fake.isFailing) return failingNow(`${id} does not start.`);
        if (!fake.isThere) return unavailable(`There is no ${id}.`);
        return {
          kind: 'available',
          covers: [covers],
          how: 'made up',
          async open() {
            counts.opens++;
            return {
              domains: () => [domain],
              shortfall: () => fake.shortfall,
              async read(_signal, options) {
                counts.reads++;
                if (fake.mode === 'heeds') await options?.until;
                if (fake.mode === 'throws') throw new Error(`${id} broke`);
                if (fake.mode === 'hangs')
                  await new Promise<void>((resolve) => {
                    fake.release = resolve;
                  });
                if (fake.mode === 'says')
                  return [
                    { ...reading(), powerWatts: null, missing: { reason: 'permission', note: `${id} says no (401).` } },
                  ];
                if (fake.mode === 'sleeps')
                  return [{ ...reading(), powerWatts: null, missing: { reason: 'asleep', note: 'It sleeps.' } }];
                return [reading()];
              },
              async close() {
                counts.closes++;
              },
            };
          },
        };
      },
      isExpected: () => fake.isExpected || fake.probeMs > 0,
    },
  };
  return fake;
}

let one: FakeSource;
let two: FakeSource;
let rounds: (readonly SourceReading[])[];
let sampler: Sampler;

/** A sampler of these two sources, with everything it hands on kept in `rounds`. */
function createSamplerOf(fakes: readonly FakeSource[]): Sampler {
  return createSampler({
    definitions: fakes.map((fake) => fake.definition),
    context: exampleContext(clock, { periodSeconds: () => periodSeconds }),
    onReadings: (readings) => rounds.push(readings),
    onSourcesChanged: () => {},
  });
}

const newest = (id: string): SourceReading | undefined => rounds.at(-1)?.find((reading) => reading.domain.id === id);
const stateOf = (id: string): string | undefined =>
  sampler.reports(() => null).find((report) => report.id === id)?.state;

beforeEach(() => {
  one = createFakeSource('one', 'cpu');
  two = createFakeSource('two', 'memory');
  rounds = [];
  sampler = createSamplerOf([one, two]);
});
afterEach(() => sampler.close());

describe('createSampler', () => {
  it('asks every source once a round and hands their readings on together', async () => {
    await sampler.open(1000);
    await sampler.tick();
    await sampler.tick();
    expect(rounds.map((round) => round.map((reading) => [reading.domain.id, reading.powerWatts]))).toEqual([
      [
        ['one', 100],
        ['two', 100],
      ],
      [
        ['one', 100],
        ['two', 100],
      ],
    ]);
    expect([one.counts.reads, two.counts.reads]).toEqual([2, 2]);
    expect([stateOf('one'), stateOf('two')]).toEqual(['answering', 'answering']);
  });

  it('waits longer for what is plainly there, and not for ever', async () => {
    one.probeMs = 150;
    two.probeMs = 60_000;
    await sampler.open(20, 400);
    expect([stateOf('one'), stateOf('two')]).toEqual(['answering', 'absent']);
    two.probeMs = 0;
  });

  it('tells what is plainly there and gives nothing, and not where another stands in for it', async () => {
    one.isFailing = true;
    one.isExpected = true;
    two.isThere = false;
    two.isExpected = true;
    await sampler.open(1000);
    expect(sampler.unread()).toEqual([{ label: 'Fake one', reason: 'one does not start.' }]);
    const standIn = createFakeSource('stand-in', 'memory');
    const definition = {
      ...standIn.definition,
      descriptor: { ...standIn.definition.descriptor, standsInFor: 'one' },
    };
    const both = createSamplerOf([one, { ...standIn, definition }]);
    await both.open(1000);
    expect(both.unread()).toEqual([]);
    await both.close();
  });

  it('tells of what is open and has named no device yet', async () => {
    const empty: Source = { domains: () => [], read: async () => [], close: async () => {} };
    const definition: SourceDefinition = {
      ...one.definition,
      isExpected: () => true,
      probe: async () => ({ kind: 'available', covers: ['cpu'], how: '', open: async () => empty }),
    };
    const silent = createSamplerOf([{ ...one, definition }]);
    await silent.open(1000);
    expect(silent.unread()).toEqual([{ label: 'Fake one', reason: 'It has not answered yet.' }]);
    await silent.close();
  });

  it('looks again after 5, 10 and 20 s for what is there and failed just now, and no sooner', async () => {
    one.isFailing = true;
    two.isThere = false;
    await sampler.open(1000);
    const probes: number[] = [];
    for (let second = 1; second <= 40; second++) {
      clock.advance(1000);
      await sampler.recover();
      if (one.counts.probes > probes.length + 1) probes.push(second);
    }
    expect(probes).toEqual([5, 15, 35]);
    expect(two.counts.probes).toBe(1);
    one.isFailing = false;
    clock.advance(40_000);
    await sampler.recover();
    expect(stateOf('one')).toBe('answering');
  });

  it('asks only the sources of the domains it is told', async () => {
    await sampler.open(1000);
    await sampler.tick({ only: new Set(['two']) });
    expect([one.counts.reads, two.counts.reads]).toEqual([0, 1]);
  });

  it('goes on with the others when one fails, and says so in place of its reading', async () => {
    await sampler.open(1000);
    one.mode = 'throws';
    await sampler.tick();
    expect(newest('one')).toMatchObject({ powerWatts: null, missing: { reason: 'failed', note: 'one broke' } });
    expect(newest('two')).toMatchObject({ powerWatts: 100, missing: null });
    expect(stateOf('one')).toBe('failing');
    expect(sampler.reports(() => null)[0]).toMatchObject({ errorCount: 1, reason: 'one broke' });
    one.mode = 'ok';
    await sampler.tick();
    expect(newest('one')?.powerWatts).toBe(100);
    expect(stateOf('one')).toBe('answering');
  });

  it('does not say that a source answers which tells for a while why it has nothing', async () => {
    await sampler.open(1000);
    one.mode = 'says';
    two.mode = 'sleeps';
    await sampler.tick();
    // One bad round among good ones is no state.
    expect(stateOf('one')).toBe('answering');
    await sampler.tick();
    expect(sampler.reports(() => null)[0]).toMatchObject({
      state: 'failing',
      reason: 'one says no (401).',
      errorCount: 2,
    });
    expect(stateOf('two')).toBe('answering');
    expect(one.counts.opens).toBe(1);
    one.mode = 'ok';
    await sampler.tick();
    expect(sampler.reports(() => null)[0]).toMatchObject({ state: 'answering', reason: null });
  });

  it('probes and opens a source anew after three failures', async () => {
    await sampler.open(1000);
    one.mode = 'throws';
    await sampler.tick();
    await sampler.tick();
    expect(one.counts).toMatchObject({ probes: 1, opens: 1, closes: 0 });
    await sampler.tick();
    await expect.poll(() => one.counts.opens, { interval: 5 }).toBe(2);
    expect(one.counts).toMatchObject({ probes: 2, closes: 1 });
    one.mode = 'ok';
    await sampler.tick();
    expect(newest('one')?.powerWatts).toBe(100);
    expect(two.counts).toMatchObject({ probes: 1, opens: 1, closes: 0 });
  });

  it('does not wait for a source that hangs, asks it only once, and gives timeouts until it answers', async () => {
    await sampler.open(1000);
    one.mode = 'hangs';
    const startedMs = performance.now();
    await sampler.tick();
    // It waits 0.8 of the 50 ms period, not for the source; a slow test machine gets twenty times that.
    expect(performance.now() - startedMs).toBeLessThan(800);
    expect(newest('one')).toBeUndefined();
    expect(newest('two')?.powerWatts).toBe(100);
    // Only after 3 s is silence a timeout.
    clock.advance(3001);
    await sampler.tick();
    expect(newest('one')).toMatchObject({ powerWatts: null, missing: { reason: 'timeout' } });
    expect(newest('two')?.powerWatts).toBe(100);
    expect(one.counts.reads).toBe(1);
    expect(stateOf('one')).toBe('failing');
    one.mode = 'ok';
    one.release();
    await sampler.tick();
    expect(newest('one')).toMatchObject({ powerWatts: 100, missing: null });
    expect(stateOf('one')).toBe('answering');
  });

  it('waits until the moment it is told, and takes what a source tells then that has heard it too', async () => {
    await sampler.open(1000);
    one.mode = 'hangs';
    two.mode = 'heeds';
    const until = new Promise((resolve) => setTimeout(resolve, 150));
    const startedMs = performance.now();
    await sampler.tick({ until });
    expect(performance.now() - startedMs).toBeGreaterThan(140);
    expect(rounds.map((round) => round.map((reading) => reading.domain.id))).toEqual([['two']]);
    one.release();
    await sampler.tick({ until: Promise.resolve() });
    expect(newest('one')?.powerWatts).toBe(100);
  });

  it('lets the first of two speak for a part and keeps the other by, until the first goes', async () => {
    two = createFakeSource('two', 'cpu');
    sampler = createSamplerOf([one, two]);
    await sampler.open(1000);
    await sampler.tick();
    expect(rounds.at(-1)?.map((reading) => reading.domain.id)).toEqual(['one']);
    expect(stateOf('two')).toBe('standby');
    // The first fails three times and is no longer there when looked for: the second takes its place.
    one.mode = 'throws';
    one.isThere = false;
    for (let i = 0; i < 3; i++) await sampler.tick();
    await expect.poll(() => stateOf('two'), { interval: 5 }).toBe('answering');
    await sampler.tick();
    expect(rounds.at(-1)?.map((reading) => reading.domain.id)).toEqual(['two']);
    expect(stateOf('one')).toBe('absent');
    // And gives it back.
    one.mode = 'ok';
    one.isThere = true;
    await sampler.check();
    await sampler.tick();
    expect(rounds.at(-1)?.map((reading) => reading.domain.id)).toEqual(['one']);
    expect(two.counts.closes).toBe(1);
  });

  it('reads a source that was closed in the middle of a read, once it is opened again', async () => {
    two = createFakeSource('two', 'cpu');
    one.isThere = false;
    sampler = createSamplerOf([one, two]);
    await sampler.open(1000);
    two.mode = 'hangs';
    await sampler.tick();
    // The first comes and replaces the second, whose read is still on; then it goes again.
    one.isThere = true;
    await sampler.check();
    expect(two.counts.closes).toBe(1);
    two.mode = 'ok';
    one.mode = 'throws';
    one.isThere = false;
    for (let i = 0; i < 3; i++) await sampler.tick();
    await expect.poll(() => two.counts.opens, { interval: 5 }).toBe(2);
    await sampler.tick();
    expect(newest('two')?.powerWatts).toBe(100);
  });

  it('opens with what is there, and takes in later what was not', async () => {
    one.isThere = false;
    await sampler.open(1000);
    expect(sampler.domains().map((domain) => domain.id)).toEqual(['two']);
    expect(sampler.reports(() => null)[0]).toMatchObject({ state: 'absent', reason: 'There is no one.' });
    one.isThere = true;
    await sampler.check();
    expect(sampler.domains().map((domain) => domain.id)).toEqual(['one', 'two']);
  });

  it('opens one anew that a remedy was named for, and reads one on that only has a trouble to tell', async () => {
    await sampler.open(1000);
    one.shortfall = { reason: 'A plug gives nothing.', remedies: [] };
    two.shortfall = { reason: 'Only root may read.', remedies: [{ command: 'chmod', effect: 'It may be read.' }] };
    await sampler.check();
    expect([one.counts.closes, two.counts.closes]).toEqual([0, 1]);
    expect(sampler.reports(() => null)[0]?.reason).toBe('A plug gives nothing.');
  });

  it('closes what does not hold any more, and asks it anew', async () => {
    await sampler.open(1000);
    const checked = sampler.check((definition) => definition === one.definition);
    // What it said before is forgotten at once.
    expect(sampler.reports(() => null)[0]?.how).toBe('');
    await checked;
    expect(one.counts).toMatchObject({ probes: 2, opens: 2, closes: 1 });
    expect(two.counts).toMatchObject({ probes: 1, opens: 1, closes: 0 });
    one.isThere = false;
    await sampler.check((definition) => definition === one.definition);
    expect(sampler.domains().map((domain) => domain.id)).toEqual(['two']);
    expect(sampler.reports(() => null)[0]?.state).toBe('absent');
  });

  it('closes each source once though it is closed twice, and asks none after', async () => {
    await sampler.open(1000);
    await sampler.close();
    await sampler.close();
    expect([one.counts.closes, two.counts.closes]).toEqual([1, 1]);
    await sampler.tick();
    expect([one.counts.reads, two.counts.reads]).toEqual([0, 0]);
  });
});
