import { beforeEach, expect, it } from 'vitest';
import { chooseWindow, goLive, lookAt, useTimeWindow } from './window-store.ts';

const shown = () => useTimeWindow.getState().window;
beforeEach(() => chooseWindow('15m'));

it('looks back and returns to the live window it came from', () => {
  chooseWindow('1h');
  lookAt({ fromMs: 20_000, toMs: 80_000 }, 100_000);
  expect(shown()).toEqual({ kind: 'past', key: '1h', fromMs: 20_000, toMs: 80_000 });
  goLive();
  expect(shown()).toEqual({ kind: 'live', key: '1h' });
});

it('is live again with a window that is chosen while looking back', () => {
  lookAt({ fromMs: 20_000, toMs: 80_000 }, 100_000);
  chooseWindow('6h');
  expect(shown()).toEqual({ kind: 'live', key: '6h' });
});
