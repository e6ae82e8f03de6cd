import { expect, it } from 'vitest';
import type { Notice } from '../app/announcer.tsx';
import { offerUndo, takeUndo } from './undo.ts';

/** The bar at the bottom: it holds one notice. */
function createBar() {
  const bar = { shown: null as Notice | null };
  const show = (notice: Notice) => {
    bar.shown = notice;
    return () => {
      if (bar.shown === notice) bar.shown = null;
    };
  };
  return { bar, show };
}

const words = { text: '1 run deleted', actionLabel: 'Undo' };

it('takes a change back by Ctrl Z, and the notice that offered it goes', () => {
  const { bar, show } = createBar();
  const done: string[] = [];
  offerUndo(show, words, () => done.push('restored'));
  expect(bar.shown?.keys).toEqual(['Ctrl', 'Z']);
  takeUndo()?.();
  expect([done, bar.shown]).toEqual([['restored'], null]);
});

it('takes it back once, by whichever came first', () => {
  const { bar, show } = createBar();
  const done: string[] = [];
  offerUndo(show, words, () => done.push('restored'));
  const { onAction } = bar.shown ?? {};
  onAction?.();
  onAction?.();
  expect([takeUndo(), done]).toEqual([null, ['restored']]);
});

it('leaves a newer notice where it is', () => {
  const { bar, show } = createBar();
  offerUndo(show, words, () => undefined);
  show({ text: 'Saved' });
  takeUndo()?.();
  expect(bar.shown?.text).toBe('Saved');
});
