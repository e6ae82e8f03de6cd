import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { autostartText, createLoginItem, type LoginApp } from './login-item.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'login-item-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A system that keeps its list by program and arguments, as Windows does. */
function createApp(): LoginApp & { readonly set: unknown[] } {
  const set: unknown[] = [];
  let isOn = false;
  return {
    set,
    getLoginItemSettings: () => ({ openAtLogin: isOn }),
    setLoginItemSettings(settings) {
      set.push(settings);
      isOn = settings.openAtLogin;
    },
  };
}

const options = (platform: string, app = createApp()) => ({
  platform,
  app,
  isPackaged: true,
  command: ['/opt/Wattrun/wattrun'],
  configDirectory: folder,
});

describe('starting with the session', () => {
  it('is a file of the desktop’s under Linux, there only while it is on', async () => {
    const item = createLoginItem(options('linux'));
    expect(item.isOffered).toBe(true);
    expect(await item.read()).toBe(false);
    await item.write(true);
    expect(await item.read()).toBe(true);
    expect(readFileSync(join(folder, 'autostart/wattrun.desktop'), 'utf8')).toContain(
      'Exec=/opt/Wattrun/wattrun --hidden\n',
    );
    expect(readdirSync(join(folder, 'autostart'))).toEqual(['wattrun.desktop']);
    await item.write(false);
    await item.write(false);
    expect(await item.read()).toBe(false);
    expect(readdirSync(join(folder, 'autostart'))).toEqual([]);
  });

  it('is off where the desktop’s own settings switched the file off', async () => {
    const item = createLoginItem(options('linux'));
    await item.write(true);
    const path = join(folder, 'autostart/wattrun.desktop');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, `${text}Hidden=true\n`);
    expect(await item.read()).toBe(false);
    writeFileSync(path, text.replace('enabled=true', 'enabled=false'));
    expect(await item.read()).toBe(false);
  });

  it('says where the file cannot be written', async () => {
    writeFileSync(join(folder, 'autostart'), 'a file where the folder should be');
    await expect(createLoginItem(options('linux')).write(true)).rejects.toMatchObject({ code: 'store/unwritable' });
  });

  it('is the system’s list elsewhere, hidden by an argument under Windows', async () => {
    const app = createApp();
    const item = createLoginItem(options('win32', app));
    await item.write(true);
    expect(app.set).toEqual([{ openAtLogin: true, path: '/opt/Wattrun/wattrun', args: ['--hidden'] }]);
    expect(await item.read()).toBe(true);
    const mac = createApp();
    await createLoginItem(options('darwin', mac)).write(true);
    expect(mac.set).toEqual([{ openAtLogin: true }]);
  });

  it('is not offered where it would start something else, or nothing', () => {
    expect(createLoginItem({ ...options('darwin'), isPackaged: false }).isOffered).toBe(false);
    expect(createLoginItem(options('freebsd')).isOffered).toBe(false);
  });

  it('quotes what a shell would take apart', () => {
    const exec = (command: string[]): string => /^Exec=(.*)$/m.exec(autostartText(command))?.[1] ?? '';
    // A backslash before $, and each backslash twice in the file.
    expect(exec(['/home/a b/100%/$HOME'])).toBe('"/home/a b/100%%/\\\\$HOME" --hidden');
    expect(() => exec(['/home/a\nExec=rm'])).toThrow('line break');
  });
});
