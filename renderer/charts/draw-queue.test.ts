import { describe, expect, it } from 'vitest';
import { createDrawQueue } from './draw-queue.ts';

/** A queue over frames that the test plays, where each drawing takes `drawMs`. */
function setUp(drawMs: number) {
  const frames: (() => void)[] = [];
  const drawn: string[] = [];
  let nowMs = 0;
  const queue = createDrawQueue(
    (run) => frames.push(run),
    () => nowMs,
  );
  const keys = new Map<string, object>();
  const keyOf = (name: string): object => {
    const key = keys.get(name) ?? {};
    keys.set(name, key);
    return key;
  };
  return {
    drawn,
    add: (name: string, text = name) =>
      queue.add(keyOf(name), () => {
        drawn.push(text);
        nowMs += drawMs;
      }),
    remove: (name: string) => queue.remove(keyOf(name)),
    /** Gives what is drawn in the next frame; null where none was asked for. */
    frame(): readonly string[] | null {
      const run = frames.shift();
      if (run === undefined) return null;
      const before = drawn.length;
      run();
      return drawn.slice(before);
    },
  };
}

describe('a queue of drawings', () => {
  it('spreads what takes long over the frames, in the order it was asked for', () => {
    const { add, frame } = setUp(3);
    for (const name of ['a', 'b', 'c', 'd', 'e']) add(name);
    expect([frame(), frame(), frame(), frame()]).toEqual([['a', 'b'], ['c', 'd'], ['e'], null]);
  });

  it('draws at least one a frame, however long it takes', () => {
    const { add, frame } = setUp(40);
    for (const name of ['a', 'b']) add(name);
    expect([frame(), frame(), frame()]).toEqual([['a'], ['b'], null]);
  });

  it('draws what was asked for last of each', () => {
    const { add, frame } = setUp(1);
    add('a', 'old');
    add('a', 'new');
    expect([frame(), frame()]).toEqual([['new'], null]);
  });

  it('draws nothing of what is gone', () => {
    const { add, remove, frame } = setUp(1);
    add('a');
    add('b');
    remove('a');
    expect(frame()).toEqual(['b']);
  });
});
