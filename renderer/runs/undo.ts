import type { ShowNotice } from '../app/announcer.tsx';

/** What takes the last change back: one step, as the notice offers it. */
let last: (() => void) | null = null;

/** Says what was done, with its Undo: the button and Ctrl Z are the same step, and either ends the notice. */
export function offerUndo(
  show: ShowNotice,
  notice: { readonly text: string; readonly actionLabel: string },
  undo: () => void,
): void {
  const close = show({ ...notice, keys: ['Ctrl', 'Z'], onAction: () => takeUndo()?.() });
  last = () => {
    close();
    undo();
  };
}

/** Taken once, so that it is taken back once. */
export function takeUndo(): (() => void) | null {
  const undo = last;
  last = null;
  return undo;
}
