/** What a frame may spend on charts: a frame is 16.7 ms, and the page has other things to do in it. */
const budgetMs = 5;

type Frames = (run: () => void) => void;

export interface DrawQueue {
  /** Draws soon, in a frame to come; a drawing of the same key that waits still is forgotten. */
  add(key: object, draw: () => void): void;
  remove(key: object): void;
  /** Draws all that waits, now: what is printed cannot wait for a frame. */
  flush(): void;
}

/**
 * Six charts that all change with one reading are not drawn in one go, which would cost three frames, but one after the other, each frame as many as its
 * budget allows.
 */
export function createDrawQueue(nextFrame: Frames, nowMs: () => number): DrawQueue {
  const waiting = new Map<object, () => void>();
  let isPlanned = false;

  function plan(): void {
    if (isPlanned) return;
    isPlanned = true;
    nextFrame(run);
  }

  function run(): void {
    isPlanned = false;
    const startedMs = nowMs();
    for (const [key, draw] of waiting) {
      waiting.delete(key);
      draw();
      if (nowMs() - startedMs >= budgetMs) break;
    }
    if (waiting.size > 0) plan();
  }

  return {
    add(key, draw) {
      waiting.set(key, draw);
      plan();
    },
    remove: (key) => void waiting.delete(key),
    flush() {
      for (const [key, draw] of waiting) {
        waiting.delete(key);
        draw();
      }
    },
  };
}

export const drawQueue: DrawQueue = createDrawQueue(
  (run) => requestAnimationFrame(run),
  () => performance.now(),
);
