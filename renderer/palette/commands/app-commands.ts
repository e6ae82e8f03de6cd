import { groupSources } from '../../sensors/sensor-groups.ts';
import { askWelcome } from '../../welcome/welcome-store.ts';
import type { Command, CommandSource } from '../command.ts';
import { goTo } from '../go-to.ts';
import { openKeys } from '../palette-store.ts';

export const sensorCommands: CommandSource = ({ sources }) => {
  const [needy] = groupSources(sources).needsYou;
  const [remedy] = needy?.remedies ?? [];
  const check: Command = {
    id: 'sensors:check',
    title: { key: 'command.checkSensors' },
    keywords: [{ key: 'keywords.checkSensors' }],
    group: 'sensors',
    icon: 'refresh',
    keys: 'check',
    isAvailable: ({ isConnected }) => isConnected,
    async run({ request, showNotice, words }) {
      goTo({ page: 'sensors' });
      const { answeringCount } = groupSources((await request('sensors.check', {})).sources);
      showNotice(words('done.checked', { count: answeringCount }));
    },
  };
  if (needy === undefined || remedy === undefined) return [check];
  const fix: Command = {
    id: 'sensors:fix',
    title: { key: 'command.copyFix', values: { source: needy.label } },
    hint: { name: remedy.command },
    keywords: [{ key: 'keywords.copyFix' }],
    group: 'sensors',
    icon: 'term',
    async run({ copyText, showNotice, words }) {
      await copyText(remedy.command);
      showNotice(words('done.copied', { text: remedy.command }));
    },
  };
  return [check, fix];
};

export const appCommands: readonly Command[] = [
  {
    id: 'app:data',
    title: { key: 'command.dataFolder' },
    keywords: [{ key: 'keywords.dataFolder' }],
    group: 'app',
    icon: 'save',
    // The simulated server keeps nothing, and a browser cannot show a folder.
    isAvailable: ({ host, description }) => host !== null && description?.isSimulated === false,
    run: async ({ host }) => void (await host?.request('host.showDataDirectory', {})),
  },
  {
    id: 'demo:enter',
    title: { key: 'demo.open' },
    keywords: [{ key: 'keywords.demo' }],
    group: 'app',
    icon: 'play',
    isAvailable: ({ isConnected, description }) =>
      isConnected && description?.canDemo === true && !description.isSimulated,
    run: async ({ request }) => void (await request('demo.enter', {})),
  },
  {
    id: 'demo:leave',
    title: { key: 'demo.leave' },
    keywords: [{ key: 'keywords.demo' }],
    group: 'app',
    icon: 'close',
    isAvailable: ({ isConnected, description }) =>
      isConnected && description?.canDemo === true && description.isSimulated,
    run: async ({ request }) => void (await request('demo.leave', {})),
  },
  {
    id: 'app:welcome',
    title: { key: 'command.welcome' },
    keywords: [{ key: 'keywords.welcome' }],
    group: 'app',
    icon: 'play',
    isAvailable: ({ description }) => description?.isSimulated === false,
    run: () => askWelcome(),
  },
  {
    id: 'app:keys',
    title: { key: 'command.keys' },
    keywords: [{ key: 'keywords.keys' }],
    group: 'app',
    icon: 'info',
    keys: 'sheet',
    run: () => openKeys(),
  },
];
