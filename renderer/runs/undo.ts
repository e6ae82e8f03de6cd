/** What takes the last change back: one step, as the notice offers it. */
let last: (() => void) | null = null;

export function rememberUndo(undo: () => void): void {
  last = undo;
}

/** Taken once, so that it is taken back once. */
export function takeUndo(): (() => void) | null {
  const undo = last;
  last = null;
  return undo;
}
