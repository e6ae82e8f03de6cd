import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from './fake-clock.ts';
import { createTimeline } from './timeline.ts';

const startUnixMs = 1_700_000_000_000;

/** A clock at monotonic 1000 ms and a time since boot that goes on with it, and alone while the machine sleeps. */
function createWorld() {
  const clock = createFakeClock(startUnixMs, 1000);
  let sleptMs = 0;
  return {
    clock,
    readBootMs: (): number => clock.monotonicMs() + 50_000 + sleptMs,
    /** Linux stops the monotonic clock in a suspend; wall clock and time since boot go on. */
    suspend(ms: number): void {
      sleptMs += ms;
      clock.stepUnix(ms);
    },
  };
}

describe('createTimeline', () => {
  it('labels monotonic times with Unix times, and finds them again', () => {
    const { clock, readBootMs } = createWorld();
    const timeline = createTimeline(clock, readBootMs);
    clock.advance(2500);
    // 2.5 s after the start, when the monotonic clock showed 1000 ms.
    expect(timeline.unixFromMonotonic(3500)).toBe(startUnixMs + 2500);
    expect(timeline.monotonicFromUnix(startUnixMs + 2500)).toBe(3500);
    expect(timeline.check()).toEqual({ kind: 'steady' });
  });

  it('keeps its anchor while the wall clock is only slewed', () => {
    const { clock, readBootMs } = createWorld();
    const timeline = createTimeline(clock, readBootMs);
    clock.stepUnix(1999);
    expect(timeline.check()).toEqual({ kind: 'steady' });
    expect(timeline.unixFromMonotonic(1000)).toBe(startUnixMs);
  });

  it.each([3_600_000, -3_600_000])('takes a clock set by %d ms for a step, and labels anew from there', (stepMs) => {
    const { clock, readBootMs } = createWorld();
    const timeline = createTimeline(clock, readBootMs);
    clock.advance(1000);
    clock.stepUnix(stepMs);
    expect(timeline.check()).toEqual({ kind: 'step', deltaMs: stepMs });
    expect(timeline.unixFromMonotonic(2000)).toBe(startUnixMs + 1000 + stepMs);
    expect(timeline.check()).toEqual({ kind: 'steady' });
  });

  it('tells a suspend by the time since boot', () => {
    const { clock, readBootMs, suspend } = createWorld();
    const timeline = createTimeline(clock, readBootMs);
    suspend(600_000);
    expect(timeline.check()).toEqual({ kind: 'suspend', deltaMs: 600_000 });
    expect(timeline.unixFromMonotonic(1000)).toBe(startUnixMs + 600_000);
    expect(timeline.check()).toEqual({ kind: 'steady' });
  });

  it('gives the length of the sleep, not of the jump, where the clock was set in it too', () => {
    const { clock, readBootMs, suspend } = createWorld();
    const timeline = createTimeline(clock, readBootMs);
    suspend(600_000);
    clock.stepUnix(-600_000);
    expect(timeline.check()).toEqual({ kind: 'suspend', deltaMs: 600_000 });
    expect(timeline.unixFromMonotonic(1000)).toBe(startUnixMs);
  });

  it('without a time since boot takes a jump forward for a suspend, one back for a step', () => {
    const clock = createFakeClock(startUnixMs, 1000);
    const timeline = createTimeline(clock);
    clock.stepUnix(5000);
    expect(timeline.check()).toEqual({ kind: 'suspend', deltaMs: 5000 });
    clock.stepUnix(-5000);
    expect(timeline.check()).toEqual({ kind: 'step', deltaMs: -5000 });
  });

  it('anchors on the quickest of several looks: being put aside between the two clocks moves no label', () => {
    const inner = createFakeClock(startUnixMs, 1000);
    let looks = 0;
    const timeline = createTimeline({
      ...inner,
      unixMs() {
        const unixMs = inner.unixMs();
        // The first look is interrupted for 400 ms after the wall clock was read.
        if (looks++ === 0) inner.advance(400);
        return unixMs;
      },
    });
    expect(timeline.unixFromMonotonic(1400)).toBe(startUnixMs + 400);
  });

  it('is steady and exact however time goes on', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 100_000_000 })), (steps) => {
        const { clock, readBootMs } = createWorld();
        const timeline = createTimeline(clock, readBootMs);
        for (const step of steps) {
          clock.advance(step);
          expect(timeline.check()).toEqual({ kind: 'steady' });
          expect(timeline.unixFromMonotonic(clock.monotonicMs())).toBe(clock.unixMs());
        }
      }),
    );
  });
});
