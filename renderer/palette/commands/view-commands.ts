import { languages, type Settings } from '../../../shared/model/settings.ts';
import { toggleSidebar } from '../../app/sidebar-store.ts';
import { arrangeCharts } from '../../live/charts-store.ts';
import { windowKeys } from '../../live/time-window.ts';
import { chooseWindow, goLive, useTimeWindow } from '../../live/window-store.ts';
import type { Command, CommandContext, CommandSource } from '../command.ts';
import { goTo } from '../go-to.ts';

/** Live stays at the view that is shown; from elsewhere it is the overview. */
function showLive({ route }: CommandContext): void {
  if (route.page !== 'live') goTo({ page: 'live', view: 'overview' });
}

export const windowCommands: CommandSource = () => [
  {
    id: 'window:live',
    title: { key: 'live.past.return' },
    keywords: [{ key: 'keywords.window' }],
    group: 'window',
    icon: 'live',
    keys: 'live',
    isAvailable: ({ route }) => route.page === 'live' && useTimeWindow.getState().window.kind === 'past',
    run: () => goLive(),
  },
  ...windowKeys.map(
    (key): Command => ({
      id: `window:${key}`,
      title: { key: 'command.window', words: { window: `live.windows.${key}` } },
      hint: { key: `live.windowWords.${key}` },
      keywords: [{ name: key }, { key: 'keywords.window' }, { key: `live.windowWords.${key}` }],
      group: 'window',
      icon: 'live',
      run(context) {
        chooseWindow(key);
        showLive(context);
      },
    }),
  ),
];

/** The charts of the Charts view, from wherever one is. */
export const chartCommands: readonly Command[] = [
  {
    id: 'charts:arrange',
    title: { key: 'arranging' },
    keywords: [{ key: 'keywords.window' }, { key: 'add' }],
    group: 'window',
    icon: 'layout',
    isAvailable: ({ isConnected }) => isConnected,
    run() {
      goTo({ page: 'live', view: 'charts' });
      arrangeCharts(true);
    },
  },
];

const themes = ['light', 'dark', 'contrast', 'system'] as const satisfies readonly Settings['theme'][];

export const themeCommands: CommandSource = () =>
  themes.map((theme) => ({
    id: `theme:${theme}`,
    title: { key: 'command.theme', words: { theme: `settings.theme.${theme}` } },
    keywords: [{ key: 'keywords.theme' }],
    group: 'theme',
    icon: 'settings',
    isAvailable: ({ isConnected, settings }) => isConnected && settings !== null && settings.theme !== theme,
    run: async ({ request }) => void (await request('settings.write', { theme })),
  }));

export const languageCommands: CommandSource = () =>
  (['system', ...languages] as const).map((language) => ({
    id: `language:${language}`,
    title: { key: 'command.language', words: { language: `settings.language.${language}` } },
    keywords: [{ key: 'keywords.language' }],
    group: 'theme',
    icon: 'settings',
    isAvailable: ({ isConnected, settings }) => isConnected && settings !== null && settings.language !== language,
    run: async ({ request }) => void (await request('settings.write', { language })),
  }));

export const windowFrameCommands: readonly Command[] = [
  {
    id: 'app:sidebar',
    title: { key: 'command.sidebar' },
    keywords: [{ key: 'keywords.sidebar' }],
    group: 'app',
    icon: 'side',
    keys: 'sidebar',
    isAvailable: ({ isWide }) => isWide,
    run: () => toggleSidebar(),
  },
  {
    id: 'app:mini',
    title: { key: 'nav.mini' },
    keywords: [{ key: 'keywords.mini' }],
    group: 'app',
    icon: 'mini',
    keys: 'mini',
    run: ({ openMini }) => openMini(),
  },
];
