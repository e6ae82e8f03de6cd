import { describe, expect, it } from 'vitest';
import { gatherStretch, type Stretch } from './stretch.ts';

describe('gatherStretch', () => {
  it('gives the whole once it lasts long enough, and begins anew', () => {
    const gathered = new Map<string, Stretch>();
    const add = (joules: number): Stretch | null => gatherStretch(gathered, 'cpu', { joules, seconds: 0.08 }, 0.2);
    expect([add(8), add(4)]).toEqual([null, null]);
    expect(add(12)).toEqual({ joules: 24, seconds: expect.closeTo(0.24, 9) });
    expect(add(8)).toBeNull();
  });

  it('keeps what has different keys apart', () => {
    const gathered = new Map<string, Stretch>();
    expect(gatherStretch(gathered, 'a', { joules: 1, seconds: 0.1 }, 0.2)).toBeNull();
    expect(gatherStretch(gathered, 'b', { joules: 5, seconds: 0.1 }, 0.2)).toBeNull();
    expect(gatherStretch(gathered, 'a', { joules: 3, seconds: 0.1 }, 0.2)).toEqual({ joules: 4, seconds: 0.2 });
  });
});
