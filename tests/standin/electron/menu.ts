import type { MenuItemConstructorOptions } from 'electron';
import { createPreventableEvent, LoudEmitter, loud } from '../host/loud.ts';
import { app } from './app.ts';
import type { BrowserWindow } from './browser-window.ts';
import { openWindows } from './open-windows.ts';

/** The roles that do something here; the others (copy, paste, about …) are the desktop's and do nothing. */
const ROLES: Readonly<Record<string, (window: BrowserWindow | undefined) => void>> = {
  quit: () => app.quit(),
  close: (window) => window?.close(),
  minimize: (window) => window?.minimize(),
  reload: (window) => window?.reload(),
  forcereload: (window) => window?.reload(),
  toggledevtools: (window) => window?.webContents.toggleDevTools(),
  togglefullscreen: (window) => window?.setFullScreen(!window.isFullScreen()),
};

type ItemType = NonNullable<MenuItemConstructorOptions['type']>;

function typeOf(options: MenuItemConstructorOptions): ItemType {
  return options.type ?? (options.submenu === undefined ? 'normal' : 'submenu');
}

function submenuOf(submenu: MenuItemConstructorOptions['submenu']): Menu | null {
  if (submenu === undefined) return null;
  return Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : (submenu as unknown as Menu);
}

export class MenuItem {
  readonly id: string | undefined;
  readonly type: ItemType;
  readonly role: string | undefined;
  readonly accelerator: string | undefined;
  readonly submenu: Menu | null;
  readonly toolTip: string;
  readonly icon: unknown;
  label: string;
  sublabel: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  private readonly onClick: MenuItemConstructorOptions['click'];
  private siblings: readonly MenuItem[] = [];

  constructor(options: MenuItemConstructorOptions) {
    this.id = options.id;
    this.type = typeOf(options);
    this.role = options.role?.toLowerCase();
    this.accelerator = options.accelerator;
    this.submenu = submenuOf(options.submenu);
    this.toolTip = options.toolTip ?? '';
    this.icon = options.icon;
    this.label = options.label ?? options.role ?? '';
    this.sublabel = options.sublabel ?? '';
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.onClick = options.click;
  }

  joinSiblings(siblings: readonly MenuItem[]): void {
    this.siblings = siblings;
  }

  /** As when the user clicks it: a disabled item does nothing. */
  click(): void {
    if (!this.enabled) return;
    this.changeMark();
    const window = openWindows.list().at(-1);
    const role = this.role === undefined ? undefined : ROLES[this.role];
    const click = this.onClick as
      | ((item: MenuItem, window: BrowserWindow | undefined, event: object) => void)
      | undefined;
    if (role === undefined) click?.(this, window, createPreventableEvent());
    else role(window);
  }

  private changeMark(): void {
    if (this.type === 'checkbox') this.checked = !this.checked;
    if (this.type !== 'radio') return;
    for (const sibling of this.siblings.filter(({ type }) => type === 'radio')) sibling.checked = sibling === this;
  }
}

let applicationMenu: Menu | null = null;

export class Menu extends LoudEmitter {
  readonly items: MenuItem[] = [];

  constructor() {
    super('Menu', ['menu-will-show', 'menu-will-close']);
  }

  static buildFromTemplate(template: readonly (MenuItemConstructorOptions | MenuItem)[]): Menu {
    const menu = new Menu();
    for (const entry of template)
      menu.append(entry instanceof MenuItem ? entry : new MenuItem(entry as MenuItemConstructorOptions));
    return loud('Menu', menu);
  }

  static setApplicationMenu(menu: Menu | null): void {
    applicationMenu = menu;
  }

  static getApplicationMenu(): Menu | null {
    return applicationMenu;
  }

  append(item: MenuItem): void {
    this.insert(this.items.length, item);
  }

  insert(position: number, item: MenuItem): void {
    this.items.splice(position, 0, item);
    item.joinSiblings(this.items);
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }

  /** Shows nothing; a test clicks the items. */
  popup(): void {
    this.emit('menu-will-show');
  }

  closePopup(): void {
    this.emit('menu-will-close');
  }
}
