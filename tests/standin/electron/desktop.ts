import { LoudEmitter, loud } from '../host/loud.ts';
import { desktopRecords } from './desktop-records.ts';

function unanswered(name: string): never {
  throw new Error(`nobody answers dialog.${name} here: stub it in the test`);
}

/** A dialog waits for the user, so a test has to put its answer in place of the function, as it would in Electron. */
export const dialog = loud('dialog', {
  showOpenDialog: async (..._args: unknown[]): Promise<never> => unanswered('showOpenDialog'),
  showSaveDialog: async (..._args: unknown[]): Promise<never> => unanswered('showSaveDialog'),
  showMessageBox: async (..._args: unknown[]): Promise<never> => unanswered('showMessageBox'),
  showOpenDialogSync: (..._args: unknown[]): never => unanswered('showOpenDialogSync'),
  showSaveDialogSync: (..._args: unknown[]): never => unanswered('showSaveDialogSync'),
  showMessageBoxSync: (..._args: unknown[]): never => unanswered('showMessageBoxSync'),
  showErrorBox: (title: string, content: string): void => {
    desktopRecords.errorBoxes.push({ title, content });
    process.stderr.write(`dialog.showErrorBox: ${title}\n${content}\n`);
  },
});

export const shell = loud('shell', {
  openExternal: async (url: string): Promise<void> => void desktopRecords.openedExternally.push(url),
  openPath: async (path: string): Promise<string> => {
    desktopRecords.openedPaths.push(path);
    return ''; // no error
  },
  showItemInFolder: (path: string): void => void desktopRecords.shownInFolder.push(path),
  beep: (): void => {
    desktopRecords.beeps += 1;
  },
});

let clipboardText = '';

export const clipboard = loud('clipboard', {
  writeText: (text: string): void => {
    clipboardText = text;
  },
  readText: (): string => clipboardText,
  clear: (): void => {
    clipboardText = '';
  },
});

const shortcuts = new Map<string, () => void>();

/** No key reaches these; a test calls `globalShortcut.press(accelerator)`, which Electron does not have. */
export const globalShortcut = loud('globalShortcut', {
  register: (accelerator: string, callback: () => void): boolean => {
    shortcuts.set(accelerator, callback);
    return true;
  },
  isRegistered: (accelerator: string): boolean => shortcuts.has(accelerator),
  unregister: (accelerator: string): boolean => shortcuts.delete(accelerator),
  unregisterAll: (): void => shortcuts.clear(),
  press: (accelerator: string): void => shortcuts.get(accelerator)?.(),
});

class PowerMonitor extends LoudEmitter {
  readonly onBatteryPower = false;

  constructor() {
    const power = [
      'suspend',
      'resume',
      'on-ac',
      'on-battery',
      'shutdown',
      'thermal-state-change',
      'speed-limit-change',
    ];
    super('powerMonitor', [
      ...power,
      'lock-screen',
      'unlock-screen',
      'user-did-become-active',
      'user-did-resign-active',
    ]);
  }

  isOnBatteryPower(): boolean {
    return this.onBatteryPower;
  }

  getSystemIdleTime(): number {
    return 0;
  }

  getSystemIdleState(): string {
    return 'active';
  }

  getCurrentThermalState(): string {
    return 'unknown';
  }
}

/** Emits nothing by itself; tests emit `suspend`, `resume` and so on. */
export const powerMonitor = loud('powerMonitor', new PowerMonitor());

const blockers = new Set<number>();
let lastBlocker = 0;

export const powerSaveBlocker = loud('powerSaveBlocker', {
  start: (_type: string): number => {
    lastBlocker += 1;
    blockers.add(lastBlocker);
    return lastBlocker;
  },
  stop: (id: number): boolean => blockers.delete(id),
  isStarted: (id: number): boolean => blockers.has(id),
});
