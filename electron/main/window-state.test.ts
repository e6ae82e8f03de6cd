import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialWindowState, openingBounds, parseWindowState, type Rectangle } from './window-state.ts';

const laptop: Rectangle = { x: 0, y: 32, width: 1920, height: 1048 };
const beamer: Rectangle = { x: 1920, y: 0, width: 1280, height: 720 };
const at = (bounds: Rectangle) => ({ ...initialWindowState, bounds });

describe('the window’s place', () => {
  it('is where the window was', () => {
    const bounds = { x: 100, y: 80, width: 1000, height: 700 };
    expect(openingBounds(at(bounds), [laptop])).toEqual(bounds);
  });

  it('is 1280 × 800 wherever the system likes, the first time', () => {
    expect(openingBounds(initialWindowState, [laptop])).toEqual({ width: 1280, height: 800 });
  });

  it('is left to the system when its screen is gone, with the size it had', () => {
    const onBeamer = at({ x: 2000, y: 50, width: 1000, height: 600 });
    expect(openingBounds(onBeamer, [laptop, beamer])).toEqual(onBeamer.bounds);
    expect(openingBounds(onBeamer, [laptop])).toEqual({ width: 1000, height: 600 });
  });

  it('is never above the screen, where the title could not be reached', () => {
    expect(openingBounds(at({ x: 100, y: -300, width: 900, height: 600 }), [laptop])).toEqual({
      width: 900,
      height: 600,
    });
  });

  it('is no larger than its screen and no smaller than the smallest window', () => {
    // 3000 × 2000 on a screen of 1280 × 720.
    expect(openingBounds(at({ x: 1920, y: 0, width: 3000, height: 2000 }), [laptop, beamer])).toEqual({
      x: 1920,
      y: 0,
      width: 1280,
      height: 720,
    });
    expect(openingBounds(at({ x: 0, y: 32, width: 10, height: 10 }), [laptop])).toMatchObject({
      width: 720,
      height: 480,
    });
  });

  it('can always be seen and dragged', () => {
    const side = fc.integer({ min: -5000, max: 5000 });
    const size = fc.integer({ min: 1, max: 6000 });
    fc.assert(
      fc.property(side, side, size, size, (x, y, width, height) => {
        const opened = openingBounds(at({ x, y, width, height }), [laptop, beamer]);
        if (opened.x === undefined || opened.y === undefined) return;
        const top = { x: opened.x, y: opened.y, width: opened.width };
        const isSeen = [laptop, beamer].some(
          (area) =>
            top.y >= area.y &&
            top.y < area.y + area.height &&
            Math.min(top.x + top.width, area.x + area.width) - Math.max(top.x, area.x) >= 120,
        );
        expect(isSeen).toBe(true);
      }),
    );
  });
});

describe('the window’s file', () => {
  it('gives back what was written', () => {
    const state = { ...at({ x: 1, y: 2, width: 800, height: 600 }), isMaximized: true, theme: 'dark' as const };
    expect(parseWindowState(JSON.stringify(state))).toEqual(state);
  });

  it('is as good as none when it is damaged, in part or whole', () => {
    for (const text of ['', '{', 'null', '[]', '3']) expect(parseWindowState(text)).toEqual(initialWindowState);
    expect(parseWindowState('{"bounds":{"x":"left"},"isMaximized":true}')).toEqual({
      ...initialWindowState,
      isMaximized: true,
    });
  });
});
