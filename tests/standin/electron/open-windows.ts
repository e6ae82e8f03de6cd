import { EventEmitter } from 'node:events';
import type { BrowserWindow } from './browser-window.ts';

/** The windows that are open, in the order of their creation. Emits `empty` when the last one has closed. */
class OpenWindows extends EventEmitter {
  private readonly windows = new Set<BrowserWindow>();

  list(): BrowserWindow[] {
    return [...this.windows];
  }

  add(window: BrowserWindow): void {
    this.windows.add(window);
  }

  remove(window: BrowserWindow): void {
    if (this.windows.delete(window) && this.windows.size === 0) this.emit('empty');
  }
}

export const openWindows = new OpenWindows();
