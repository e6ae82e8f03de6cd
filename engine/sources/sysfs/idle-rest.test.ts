import { describe, expect, it } from 'vitest';
import { createIdleRest } from './idle-rest.ts';
import type { RuntimePower } from './runtime-power.ts';

const sleepy: RuntimePower = { state: 'active', control: 'auto', isD3coldAllowed: true, autosuspendDelayMs: 5000 };

describe('createIdleRest', () => {
  it('leaves a card that was idle for 10 s alone for 8 s at a time: longer than its 5 s to sleep, shorter than a gap', () => {
    const rest = createIdleRest();
    for (let atMs = 0; atMs <= 10_000; atMs += 1000) {
      expect(rest.isResting(atMs, false)).toBe(false);
      rest.told(atMs, true, sleepy);
    }
    expect([11_000, 17_999, 18_000].map((atMs) => rest.isResting(atMs, false))).toEqual([true, true, false]);
    rest.told(18_000, true, sleepy);
    expect([25_999, 26_000].map((atMs) => rest.isResting(atMs, false))).toEqual([true, false]);
  });

  it('ends at once when a process comes or a run begins, and needs another 10 s after any work', () => {
    const rest = createIdleRest();
    rest.told(0, true, sleepy);
    rest.told(10_000, true, sleepy);
    expect(rest.isResting(11_000, true)).toBe(false);
    rest.told(11_000, false, sleepy);
    rest.told(12_000, true, sleepy);
    expect(rest.isResting(12_500, false)).toBe(false);
    rest.told(22_000, true, sleepy);
    expect(rest.isResting(22_500, false)).toBe(true);
  });

  it.each([
    ['is kept awake', { ...sleepy, control: 'on' as const }],
    ['does not say how it sleeps', { ...sleepy, control: null }],
    ['never goes to sleep', { ...sleepy, autosuspendDelayMs: null }],
    ['takes too long to fall asleep', { ...sleepy, autosuspendDelayMs: 10_000 }],
  ])('never rests a card that %s', (_, power) => {
    const rest = createIdleRest();
    rest.told(0, true, power);
    rest.told(10_000, true, power);
    expect(rest.isResting(11_000, false)).toBe(false);
  });
});
