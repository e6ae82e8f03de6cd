import { describe, expect, it } from 'vitest';
import { awake, type DisplayDevice, isEveryAsleep, type SleepState, stepSleep } from './gpu-sleep.ts';

const laptop = (status: string): readonly DisplayDevice[] => [{ control: 'auto', status }];
const server: readonly DisplayDevice[] = [{ control: 'on', status: 'active' }];

/** Advice at each of the looks in turn. */
function adviceOf(looks: readonly (readonly [atS: number, isIdle: boolean, devices: readonly DisplayDevice[]])[]) {
  let state: SleepState = awake;
  return looks.map(([atS, isIdle, devices]) => {
    const step = stepSleep(state, { atMs: atS * 1000, isIdle, devices });
    state = step.state;
    return step.advice;
  });
}

describe('stepSleep', () => {
  it('closes after 30 s without use and opens when another woke the card', () =>
    expect(
      adviceOf([
        [0, true, laptop('active')],
        [29, true, laptop('active')],
        [30, true, laptop('active')],
        [36, true, laptop('suspended')],
        [500, true, laptop('suspended')],
        [501, true, laptop('active')],
      ]),
    ).toEqual(['stay', 'stay', 'close', 'stay', 'stay', 'reopen']));

  it('begins to count anew when a process used the card', () =>
    expect(
      adviceOf([
        [0, true, laptop('active')],
        [20, false, laptop('active')],
        [31, true, laptop('active')],
        [60, true, laptop('active')],
        [61, true, laptop('active')],
      ]),
    ).toEqual(['stay', 'stay', 'stay', 'stay', 'close']));

  it('never closes where the kernel may not suspend the card, or where there is no sysfs', () =>
    expect(
      adviceOf([
        [0, true, server],
        [1000, true, server],
        [1001, true, []],
        [2000, true, []],
        [2001, true, [...server, ...laptop('active')]],
        [9000, true, [...server, ...laptop('active')]],
      ]),
    ).toEqual(Array(6).fill('stay')));

  it('opens again a card that someone else keeps awake, and waits ten times as long before the next try', () =>
    expect(
      adviceOf([
        [0, true, laptop('active')],
        [30, true, laptop('active')],
        [49, true, laptop('active')],
        [50, true, laptop('active')],
        [55, true, laptop('active')],
        [354, true, laptop('active')],
        [355, true, laptop('active')],
      ]),
    ).toEqual(['stay', 'close', 'stay', 'reopen', 'stay', 'stay', 'close']));
});

describe('isEveryAsleep', () => {
  it('needs a card, and every card asleep', () => {
    expect(isEveryAsleep([])).toBe(false);
    expect(isEveryAsleep(laptop('suspended'))).toBe(true);
    expect(isEveryAsleep([...laptop('suspended'), ...laptop('active')])).toBe(false);
    expect(isEveryAsleep([{ control: null, status: null }])).toBe(false);
  });
});
