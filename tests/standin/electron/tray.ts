import { LoudEmitter, loud } from '../host/loud.ts';
import { desktopRecords } from './desktop-records.ts';
import type { Menu } from './menu.ts';

const EVENTS = [
  'click',
  'right-click',
  'double-click',
  'middle-click',
  'mouse-enter',
  'mouse-leave',
  'mouse-move',
  'balloon-click',
];

/** Shows nothing; keeps what it was told for tests, which play the user with `emit('click')` and the menu's items. */
export class Tray extends LoudEmitter {
  image: unknown;
  imageChanges = 0;
  title = '';
  toolTip = '';
  contextMenu: Menu | null = null;
  private destroyed = false;

  constructor(image: unknown) {
    super('Tray', EVENTS);
    this.image = image;
    const self = loud('Tray', this);
    desktopRecords.trays.push(self);
    // biome-ignore lint/correctness/noConstructorReturn: every use of it has to be a loud one
    return self;
  }

  setImage(image: unknown): void {
    this.image = image;
    this.imageChanges += 1;
  }

  setTitle(title: string): void {
    this.title = title;
  }

  getTitle(): string {
    return this.title;
  }

  setToolTip(toolTip: string): void {
    this.toolTip = toolTip;
  }

  setContextMenu(menu: Menu | null): void {
    this.contextMenu = menu;
  }

  popUpContextMenu(): void {
    this.contextMenu?.popup();
  }

  setPressedImage(_image: unknown): void {} // macOS only

  setIgnoreDoubleClickEvents(_ignores: boolean): void {} // macOS only

  getBounds(): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
    return { x: 0, y: 0, width: 0, height: 0 }; // as Electron on Linux
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  destroy(): void {
    this.destroyed = true;
    this.removeAllListeners();
  }
}
