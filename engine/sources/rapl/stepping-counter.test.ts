import { expect, it } from 'vitest';
import { exampleGpu, exampleReading } from '../../../tests/examples.ts';
import { createSteppingCounter } from './stepping-counter.ts';

const signal = new AbortController().signal;

/** A counter of 1 J a millisecond that is renewed every `periodMs`; a look takes 2 ms. */
function createLooks(periodMs: number, startMs = 0) {
  let nowMs = startMs;
  const lookAt = () => {
    nowMs += 2;
    const counterJoules = Math.floor(nowMs / periodMs) * periodMs;
    return exampleReading(nowMs, { domain: exampleGpu(), counterJoules });
  };
  return { lookAt, now: () => nowMs, wait: (ms: number) => (nowMs += ms) };
}

it('dates a value that is renewed seldom by half of its period, and says how old it may be', async () => {
  const looks = createLooks(100, 30);
  const counter = createSteppingCounter(looks.lookAt);
  expect(counter.read()).toMatchObject({ atMs: 32, counterLagSeconds: 0.1 });
  await counter.learn(signal);
  looks.wait(1000);
  const reading = counter.read();
  expect(reading.counterLagSeconds).toBeCloseTo(0.1, 9);
  expect(reading.atMs).toBeCloseTo(looks.now() - 50, 9);
});

it('dates a value that was seen to step between two looks between these', async () => {
  const looks = createLooks(100);
  const counter = createSteppingCounter(looks.lookAt);
  await counter.learn(signal);
  looks.wait(87);
  counter.read();
  looks.wait(10);
  // The looks are 12 ms apart, and a step lies between them.
  const reading = counter.read();
  expect(reading).toMatchObject({ atMs: looks.now() - 6, counterLagSeconds: 0.012 });
});

it('leaves the moments of a counter that steps within milliseconds alone', async () => {
  const looks = createLooks(1);
  const counter = createSteppingCounter(looks.lookAt);
  await counter.learn(signal);
  looks.wait(1000);
  // Two looks from one step to the next: 4 ms.
  expect(counter.read()).toMatchObject({ atMs: looks.now(), counterLagSeconds: 0.004 });
});

it('waits at an edge for one that steps every 250 ms, and gives what stood before at the moment of that step', async () => {
  const looks = createLooks(250, 30);
  const counter = createSteppingCounter(looks.lookAt);
  await counter.learn(signal);
  looks.wait(130);
  const readings = await counter.readAtSteps(signal);
  for (const { atMs, counterJoules } of readings) expect(Math.abs(atMs - (counterJoules ?? 0))).toBeLessThanOrEqual(2);
  expect(readings).toHaveLength(2);
});

it('says that one that does not step may be a second old', async () => {
  const looks = createLooks(1e9);
  const counter = createSteppingCounter(looks.lookAt);
  await counter.learn(signal);
  const readings = await counter.readAtSteps(signal);
  expect(readings.map((reading) => reading.counterLagSeconds)).toEqual([1]);
});

it('dates a step that another read sees first by that one: no value is given before an older one', async () => {
  const looks = createLooks(100, 10);
  const counter = createSteppingCounter(looks.lookAt);
  const seen = [counter.read()];
  const follow = setInterval(() => seen.push(counter.read()), 1);
  const edge = await counter.readAtSteps(signal);
  clearInterval(follow);
  const all = [...seen, ...edge.slice(1)].sort((a, b) => a.atMs - b.atMs).map(({ counterJoules }) => counterJoules);
  expect(all).toEqual([...all].sort((a, b) => (a ?? 0) - (b ?? 0)));
});

it('is not taken for a slow one where looks come late: it is dated by what its steps tell, not by the looks', async () => {
  const looks = createLooks(1);
  let count = 0;
  const counter = createSteppingCounter(() => {
    // Every third look is kept waiting for 12 ms.
    if (count++ % 3 === 1) looks.wait(12);
    return looks.lookAt();
  });
  for (let edge = 0; edge < 6; edge++) {
    const readings = await counter.readAtSteps(signal);
    expect(readings).toHaveLength(1);
    for (const { atMs, counterJoules, counterLagSeconds } of readings) {
      expect(Math.abs(atMs - (counterJoules ?? 0))).toBeLessThanOrEqual(2);
      expect(counterLagSeconds).toBeLessThanOrEqual(0.004);
    }
  }
});

it('is watched on where the first looks tell nothing of how often a slow one steps', async () => {
  const looks = createLooks(100, 30);
  let count = 0;
  const counter = createSteppingCounter(() => {
    if (count++ < 2) looks.wait(95);
    return looks.lookAt();
  });
  const readings = await counter.readAtSteps(signal);
  for (const { atMs, counterJoules } of readings.slice(1))
    expect(Math.abs(atMs - (counterJoules ?? 0))).toBeLessThanOrEqual(50);
  looks.wait(40);
  for (const { atMs, counterJoules } of await counter.readAtSteps(signal))
    expect(Math.abs(atMs - (counterJoules ?? 0))).toBeLessThanOrEqual(2);
});
