import type { Locator } from '@playwright/test';

/** A fingerprint of what a canvas shows, and how many colours are in it: one colour means nothing was drawn. */
export function readCanvas(canvas: Locator): Promise<{ readonly print: number; readonly colours: number }> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    // A copy: Chromium warns of a canvas that is read again and again, and draws it more slowly from then on.
    const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    copy?.drawImage(element as HTMLCanvasElement, 0, 0);
    const pixels = copy?.getImageData(0, 0, width, height).data;
    const words = new Uint32Array(pixels?.buffer ?? new ArrayBuffer(0));
    let print = 0;
    for (const word of words) print = (Math.imul(print, 31) + word) | 0;
    return { print, colours: new Set(words).size };
  });
}
