import { type ReadMark, readMark } from '../reader.ts';
import type { Bar } from './bar.ts';

/** The first marks of a bar, held until it is known whether it began at 0. */
export interface ResumedBar {
  /** What is to be told now. */
  push(marks: readonly ReadMark[], bar: Bar): readonly ReadMark[];
  /** What is still held. */
  release(): readonly ReadMark[];
}

/** A jump from 0 over so many steps, over so large a part of them, and over so many times what comes next was not done here: a queue that fills jumps less. */
const leastSteps = 20;
const leastRatio = 0.05;
const leastTimes = 10;

/** Of a training that is resumed the bar stands at 0 first, and then where it had come. Told is that this was done before, at the moment of the 0. */
export function createResumedBar(): ResumedBar {
  let held: ReadMark[] = [];
  let isOver = false;
  let jumped: number | null = null;

  function release(): readonly ReadMark[] {
    const marks = held;
    held = [];
    isOver = true;
    return marks;
  }

  return {
    release,
    push(marks, { done, total }) {
      if (isOver) return marks;
      const isFirst = held.length === 0;
      held.push(...marks);
      if (done === 0 && jumped === null && total !== null) return [];
      if (isFirst || total === null || done >= total) return release();
      if (jumped === null && done >= leastSteps && done >= total * leastRatio) {
        jumped = done;
        return [];
      }
      if (done === jumped) return [];
      const apart = jumped === null ? 0 : done - jumped;
      if (jumped === null || apart <= 0 || jumped <= apart * leastTimes) return release();
      const zero = held.find(({ value }) => value === 0);
      const before = zero === undefined ? [] : [readMark(zero.kind, jumped - apart, { atMs: zero.atMs, step: 0 })];
      return [...before, ...release().filter(({ kind, value }) => kind !== zero?.kind || value > 0)];
    },
  };
}
