import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WattrunError } from '../../shared/contract/errors.ts';

/** Told to the app by whoever starts it with the session: it stays in the tray until it is asked for. */
export const hiddenSwitch = '--hidden';

/** Whether the app is started with the user's session. */
export interface LoginItem {
  /** False where the system has no such place for this build. */
  readonly isOffered: boolean;
  read(): Promise<boolean>;
  write(isOn: boolean): Promise<void>;
}

/** The part of Electron's `app` that macOS and Windows need. */
export interface LoginApp {
  getLoginItemSettings(options: { path?: string; args?: string[] }): { readonly openAtLogin: boolean };
  setLoginItemSettings(settings: { openAtLogin: boolean; path?: string; args?: string[] }): void;
}

interface LoginItemOptions {
  readonly platform: string;
  readonly app: LoginApp;
  readonly isPackaged: boolean;
  /** The program and its first arguments, as the app itself was started. */
  readonly command: readonly string[];
  readonly configDirectory: string;
}

/** Linux by a file of the XDG autostart specification, since Electron does nothing there; the others by the system's own list. */
export function createLoginItem(options: LoginItemOptions): LoginItem {
  switch (options.platform) {
    case 'linux':
      return autostartFile(join(options.configDirectory, 'autostart/wattrun.desktop'), options.command);
    case 'win32':
      return systemList(options.app, windowsEntry(options.command));
    case 'darwin':
      // The system registers whole apps only: a developer's Electron would be what it starts.
      return options.isPackaged ? systemList(options.app, {}) : nowhere;
    default:
      return nowhere;
  }
}

const nowhere: LoginItem = {
  isOffered: false,
  read: async () => false,
  async write() {
    throw new WattrunError('host/refused', 'This system starts no apps at login.');
  },
};

function windowsEntry([path = '', ...args]: readonly string[]): { path: string; args: string[] } {
  return { path, args: [...args.map((each) => `"${each}"`), hiddenSwitch] };
}

function systemList(app: LoginApp, entry: { path?: string; args?: string[] }): LoginItem {
  return {
    isOffered: true,
    read: async () => app.getLoginItemSettings(entry).openAtLogin,
    write: async (isOn) => app.setLoginItemSettings({ openAtLogin: isOn, ...entry }),
  };
}

/** https://specifications.freedesktop.org/autostart-spec/latest/ */
function autostartFile(path: string, command: readonly string[]): LoginItem {
  return {
    isOffered: true,
    read: () => readFile(path, 'utf8').then(isEnabled, () => false),
    async write(isOn) {
      try {
        if (!isOn) return await rm(path, { force: true });
        await mkdir(dirname(path), { recursive: true });
        const temporary = `${path}.${process.pid}`;
        await writeFile(temporary, autostartText(command));
        await rename(temporary, path);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
        throw new WattrunError(
          'store/unwritable',
          `${path} cannot be written (${code}).`,
          'Check who owns the folder.',
        );
      }
    },
  };
}

/** A desktop's own settings switch such a file off by a line in it. */
const isEnabled = (text: string): boolean =>
  !/^(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/m.test(text);

export function autostartText(command: readonly string[]): string {
  return `[Desktop Entry]
Type=Application
Name=Wattrun
Comment=Measures the energy of training runs, from the tray
Exec=${[...command, hiddenSwitch].map(execArgument).join(' ')}
Icon=wattrun
Terminal=false
X-GNOME-Autostart-enabled=true
`;
}

/**
 * An argument of an Exec line: quoted, with the characters escaped that a shell would take, percent doubled, and the backslashes
 * doubled once more as in every string of such a file. https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html
 */
function execArgument(argument: string): string {
  if (/[\r\n\0]/.test(argument)) throw new WattrunError('host/refused', 'A path with a line break cannot be started.');
  const plain = argument.replaceAll('%', '%%');
  if (/^[\w@%+=:,./-]+$/.test(plain)) return plain;
  return `"${plain.replaceAll(/["`$\\]/g, '\\$&').replaceAll('\\', '\\\\')}"`;
}
