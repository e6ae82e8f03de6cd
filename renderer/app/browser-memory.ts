/** What is kept in this browser or window: a view's own habits and what is half typed, never data. */
export type BrowserMemory = Pick<Storage, 'getItem' | 'setItem'>;

/** Null where nothing is kept, and where the browser keeps nothing for this page (blocked, private, no such thing). */
export function recall(key: string, memory: () => BrowserMemory = () => localStorage): string | null {
  try {
    return memory().getItem(key);
  } catch {
    // A browser that is told to keep nothing throws at the very name: a habit is then forgotten, which breaks nothing.
    return null;
  }
}

export function remember(key: string, text: string, memory: () => BrowserMemory = () => localStorage): void {
  try {
    memory().setItem(key, text);
  } catch {
    // Blocked or full: the habit lasts until the page is closed.
  }
}
