import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClientSample, engineShare, hasOnlyDrawn } from './engine-share.ts';
import type { EngineUse } from './parse-fdinfo.ts';

const sample = (
  atMs: number,
  clients: Readonly<Record<string, Readonly<Record<string, EngineUse>>>>,
): ClientSample => ({
  atMs,
  clients: new Map(
    Object.entries(clients).map(([clientId, engines]) => [
      clientId,
      {
        driver: 'amdgpu',
        busId: '0000:0c:00.0',
        clientId,
        engines: new Map(Object.entries(engines)),
        memoryUsedBytes: null,
      },
    ]),
  ),
});
const ns = (busy: number, capacity = 1): EngineUse => ({ busy, total: null, capacity });
const cycles = (busy: number, total: number, capacity = 1): EngineUse => ({ busy, total, capacity });

describe('engineShare', () => {
  it('is busy time over the time between', () => {
    // 0.25 s of gfx and 0.5 s of compute in 2 s: 0.375. Decoding video does not count.
    const before = sample(0, { 1: { gfx: ns(1e9), compute: ns(0), dec: ns(0) } });
    const now = sample(2000, { 1: { gfx: ns(1.25e9), compute: ns(0.5e9), dec: ns(2e9) } });
    expect(engineShare(before, now)).toBeCloseTo(0.375, 12);
  });

  it('divides by the number of engines of a kind', () =>
    // 2 s of work on 4 engines in 1 s: half of them.
    expect(engineShare(sample(0, { 1: { compute: ns(0, 4) } }), sample(1000, { 1: { compute: ns(2e9, 4) } }))).toBe(
      0.5,
    ));

  it('uses the engine’s own clock where it tells cycles', () =>
    // 300 of 1,000 cycles on one of 3 engines.
    expect(
      engineShare(sample(0, { 1: { ccs: cycles(0, 5000, 3) } }), sample(1000, { 1: { ccs: cycles(300, 6000, 3) } })),
    ).toBeCloseTo(0.1, 12));

  it('adds up the clients of a process; one that is new began at 0', () =>
    expect(
      engineShare(sample(0, { 1: { gfx: ns(5e9) } }), sample(1000, { 1: { gfx: ns(5.1e9) }, 2: { gfx: ns(0.2e9) } })),
    ).toBeCloseTo(0.3, 12));

  it('is at most all of the time', () =>
    expect(engineShare(sample(0, { 1: { gfx: ns(0) } }), sample(1000, { 1: { gfx: ns(3e9) } }))).toBe(1));

  it.each([
    ['time stands still', sample(1000, { 1: { gfx: ns(0) } }), sample(1000, { 1: { gfx: ns(1) } })],
    ['no engine computes or draws', sample(0, { 1: { dec: ns(0) } }), sample(1000, { 1: { dec: ns(1e9) } })],
    ['its numbers fell', sample(0, { 1: { gfx: ns(9) } }), sample(1000, { 1: { gfx: ns(3) } })],
    ['a worker took over what its parent had worked', sample(0, {}), sample(1000, { 1: { gfx: ns(60e9) } })],
    [
      'one of its clients did, whatever the others tell',
      sample(0, { 1: { gfx: ns(0) } }),
      sample(1000, { 1: { gfx: ns(0.1e9) }, 2: { gfx: ns(60e9) } }),
    ],
    ['cycles have nothing to subtract from', sample(0, {}), sample(1000, { 1: { rcs: cycles(5, 10) } })],
  ])('is not known where %s', (_, before, now) => expect(engineShare(before, now)).toBeNull());

  it('is 0 for a process that is there and does nothing', () =>
    expect(engineShare(sample(0, { 1: { gfx: ns(5) } }), sample(1000, { 1: { gfx: ns(5) } }))).toBe(0));

  it('never leaves 0…1', () => {
    const use = fc.record({ busy: fc.nat(), total: fc.option(fc.nat()), capacity: fc.integer({ min: 1, max: 8 }) });
    fc.assert(
      fc.property(use, use, fc.nat(), (before, now, elapsedMs) => {
        const share = engineShare(sample(0, { 1: { gfx: before } }), sample(elapsedMs, { 1: { gfx: now } }));
        if (share !== null) expect(share >= 0 && share <= 1).toBe(true);
      }),
    );
  });
});

describe('hasOnlyDrawn', () => {
  it.each([
    ['a game', { gfx: ns(9e9), compute: ns(0), dec: ns(3) }, true],
    ['a game on Intel', { rcs: cycles(9, 100), ccs: cycles(0, 100) }, true],
    ['a program that computes too', { gfx: ns(9e9), compute: ns(1) }, false],
    ['one that computes on Intel', { rcs: cycles(9, 100), ccs: cycles(5, 100) }, false],
    ['one that has done nothing yet', { gfx: ns(0), compute: ns(0) }, false],
    ['one that decodes a film', { dec: ns(9e9) }, false],
  ])('tells %s', (_, engines, expected) => {
    expect(hasOnlyDrawn([...sample(0, { 1: engines }).clients.values()])).toBe(expected);
  });
});
