import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { type MenuOptions, menuTemplate } from './menu-template.ts';
import { wordsFor } from './words.ts';

const visited: string[] = [];
const options: MenuOptions = {
  platform: 'linux',
  words: wordsFor('en'),
  isDevelopment: false,
  onNavigate: (path) => visited.push(path),
  onShowData: () => undefined,
};

type Item = MenuItemConstructorOptions;
const within = (item: Item): readonly Item[] => (Array.isArray(item.submenu) ? item.submenu.flatMap(all) : []);
const all = (item: Item): readonly Item[] => [item, ...within(item)];
const items = (changed: Partial<MenuOptions> = {}): readonly Item[] =>
  menuTemplate({ ...options, ...changed }).flatMap(all);

describe('the menu of the app', () => {
  it('has the pages under the keys that the pages themselves know', () => {
    const pages = items().filter(({ accelerator }) => /^CmdOrCtrl\+[\d,]$/.test(String(accelerator)));
    // 'Settings…' stands in the first menu.
    expect(pages.map(({ label, accelerator }) => [String(accelerator).at(-1), label])).toEqual([
      [',', 'Settings…'],
      ['1', 'Live'],
      ['2', 'Runs'],
      ['3', 'Compare'],
      ['4', 'Projects'],
      ['5', 'Alerts'],
      ['6', 'Sensors'],
    ]);
    for (const { click } of pages) (click as () => void)();
    expect(visited).toEqual(['/settings', '/live', '/runs', '/compare', '/projects', '/alerts', '/sensors']);
  });

  for (const platform of ['linux', 'win32', 'darwin'])
    it(`has a word for every item in every language: ${platform}`, () => {
      const english = items({ platform });
      const chinese = items({ platform, words: wordsFor('zh-CN') });
      expect(chinese).toHaveLength(english.length);
      const untold = chinese.filter(
        ({ type, role, label }) =>
          // Named after the app by the system.
          type !== 'separator' && role !== 'appMenu' && !/\p{Script=Han}/u.test(label ?? ''),
      );
      expect(untold).toEqual([]);
    });
});
