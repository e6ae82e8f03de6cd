import { describe, expect, it } from 'vitest';
import type { Client } from '../../shared/contract/client.ts';
import type { HostContract } from '../../shared/contract/host-contract.ts';
import { defaultActions } from '../../shared/model/alert.ts';
import { pages } from '../app/sidebar.tsx';
import { iconNames } from '../design/icon.tsx';
import en from '../i18n/en/app.json' with { type: 'json' };
import enCharts from '../i18n/en/charts.json' with { type: 'json' };
import enPalette from '../i18n/en/palette.json' with { type: 'json' };
import enViews from '../i18n/en/views.json' with { type: 'json' };
import { chooseWindow, lookAt, useTimeWindow } from '../live/window-store.ts';
import { type Command, type CommandContext, commandGroups, type Label } from './command.ts';
import { exampleContext, exampleDescription } from './command-fixtures.ts';
import { shortcutById } from './keys.ts';
import { availableCommands, commandSources } from './registry.ts';

const rule = {
  id: 'r1',
  kind: 'sustained-power',
  name: 'Power above 4.5 kW',
  scope: { kind: 'machine' },
  scopeLabel: 'Whole machine',
  params: {},
  level: 'warning',
  isEnabled: true,
  createdAtMs: 0,
  coolDownSeconds: 0,
  actions: defaultActions,
  status: {
    state: 'firing',
    sinceMs: 0,
    value: null,
    lastFiredAtMs: null,
    limit: null,
    unit: 'W',
    label: null,
    snoozedUntilMs: null,
  },
} as const;

/** With something of every kind, so that every source has commands to give. */
const full = (): CommandContext => exampleContext({ rules: [rule], route: { page: 'run', runId: 'a1' } });
const all = (): readonly Command[] => commandSources.flatMap((source) => source(full()));
const ids = (context: CommandContext): readonly string[] => availableCommands(context).map((command) => command.id);

function isWritten(key: string): boolean {
  return [enPalette, enViews, en, enCharts].some((words) => {
    const found = key
      .split('.')
      .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], words);
    return typeof found === 'string' && found !== '';
  });
}

const keysOf = (label: Label | undefined): readonly string[] =>
  label === undefined || 'name' in label ? [] : [label.key, ...Object.values(label.words ?? {})];

describe('every command', () => {
  it('has an id of its own', () => {
    const found = all().map((command) => command.id);
    expect(found.filter((id, at) => found.indexOf(id) !== at)).toEqual([]);
    expect(found.length).toBeGreaterThan(40);
  });

  it('has words, whatever it is called', () => {
    const keys = all().flatMap(({ title, hint, keywords = [] }) => [title, hint, ...keywords].flatMap(keysOf));
    expect([...new Set(keys)].filter((key) => !isWritten(key))).toEqual([]);
    expect([isWritten('command.start'), isWritten('command.unheard'), isWritten('command')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('stands in a group that has a heading, with an icon and a key that are there', () => {
    for (const command of all()) {
      expect(commandGroups).toContain(command.group);
      expect(isWritten(`group.${command.group}`)).toBe(true);
      expect(iconNames).toContain(command.icon);
      if (command.keys !== undefined) expect(shortcutById(command.keys)).toBeDefined();
    }
  });

  it('has its key for itself', () => {
    const keys = all().flatMap((command) => command.keys ?? []);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });
});

it('leads to every page, in the order of the sidebar', () => {
  expect(ids(exampleContext()).slice(0, pages.length)).toEqual(pages.map((page) => `go:${page.word}`));
});

describe('what cannot be done is not offered', () => {
  it('without an engine: nothing that asks it', () => {
    const found = ids(exampleContext({ isConnected: false }));
    const asking = /^(record|theme|export|statement|sensors:check|demo|alerts)/;
    expect(found.filter((id) => asking.test(id))).toEqual([]);
    expect(found).toContain('go:runs');
  });

  it('in a browser: no folder; in a shell: the folder of a machine that is measured', () => {
    const host = {} as Client<HostContract>;
    expect(ids(exampleContext())).not.toContain('app:data');
    expect(ids(exampleContext({ host }))).toContain('app:data');
    expect(ids(exampleContext({ host, description: { ...exampleDescription, isSimulated: true } }))).not.toContain(
      'app:data',
    );
  });

  it('the demo is entered from outside and left from inside', () => {
    const demo = (isSimulated: boolean, canDemo = true): readonly string[] =>
      ids(exampleContext({ description: { ...exampleDescription, isSimulated, canDemo } })).filter((id) =>
        /^demo/.test(id),
      );
    expect([demo(false), demo(true), demo(true, false)]).toEqual([['demo:enter'], ['demo:leave'], []]);
  });

  it('the theme in use is not chosen again', () => {
    expect(ids(exampleContext()).filter((id) => /^theme/.test(id))).toEqual([
      'theme:light',
      'theme:dark',
      'theme:contrast',
    ]);
  });

  it('nothing is snoozed where nothing fires', () => {
    const context = exampleContext();
    expect(ids(context)).toEqual(expect.arrayContaining(['alerts:snooze', 'alerts:acknowledge']));
    const live = context.live === null ? null : { ...context.live, alerts: [] };
    expect(ids({ ...context, live }).filter((id) => /^alerts/.test(id))).toEqual(['alerts:new']);
  });

  it('nothing is exported or stated where nothing is on record', () => {
    expect(ids(exampleContext({ runs: [] })).filter((id) => /^(export|statement)/.test(id))).toEqual([]);
  });

  it('one run is not compared, two are', () => {
    expect(ids(exampleContext({ selectedRunIds: ['a1'] }))).not.toContain('record:compare');
    expect(ids(exampleContext({ selectedRunIds: ['a1', 'a2'] }))).toContain('record:compare');
  });

  it('the sidebar is folded in a wide window only', () => {
    expect(ids(exampleContext({ isWide: false }))).not.toContain('app:sidebar');
  });

  it('Live returns to now only from the past', () => {
    chooseWindow('15m');
    expect(ids(exampleContext())).not.toContain('window:live');
    lookAt({ fromMs: 0, toMs: 60_000 }, 100_000);
    expect(ids(exampleContext())).toContain('window:live');
    expect(ids(exampleContext({ route: { page: 'runs' } }))).not.toContain('window:live');
    chooseWindow('15m');
  });

  it('of thousands of runs five are listed, the others found by typing', () => {
    const runs = availableCommands(exampleContext()).filter((command) => command.group === 'runs');
    expect(runs.map((command) => command.isListed)).toEqual([true, true, true, true, true, false, false]);
  });
});

describe('what a command does', () => {
  const done = async (id: string, changes: Partial<CommandContext> = {}): Promise<readonly string[]> => {
    const context = exampleContext(changes);
    const command = availableCommands(context).find((each) => each.id === id);
    expect(command, id).toBeDefined();
    await command?.run(context);
    return context.told;
  };

  it('snoozes each rule that fires once, for an hour', async () => {
    const live = exampleContext().live;
    const alert = live?.alerts[0];
    if (live === null || alert === undefined) throw new Error('The fake machine has no alert.');
    const twice = { ...live, alerts: [alert, { ...alert, id: 'other' }] };
    expect(await done('alerts:snooze', { live: twice })).toEqual([
      `alerts.snooze {"ruleId":"${alert.ruleId}","seconds":3600}`,
      'notice done.snoozed 1',
    ]);
    expect(await done('alerts:acknowledge', { live: twice })).toEqual([
      `alerts.acknowledge {"alertId":"${alert.id}"}`,
      'alerts.acknowledge {"alertId":"other"}',
      'notice done.acknowledged 2',
    ]);
  });

  it('asks before a run is stopped', async () => {
    const run = exampleContext().live?.runs.find((each) => each.status === 'running');
    expect(await done(`record:stop:${run?.id}`)).toEqual(['ask stop']);
    expect(await done(`record:mark:${run?.id}`)).toEqual(['ask mark']);
    expect(await done('record:start')).toEqual(['ask start']);
  });

  it('writes the theme, exports, and copies the first command that mends', async () => {
    expect(await done('theme:dark')).toEqual(['settings.write {"theme":"dark"}']);
    expect(await done('export:csv')).toEqual(['export csv']);
    const [copied] = await done('sensors:fix');
    expect(copied).toMatch(/^copied \S+/);
  });

  it('rejects with what the engine said, for the palette to tell', async () => {
    const refuse = (async () => {
      throw new Error('refused');
    }) as CommandContext['request'];
    await expect(done('theme:dark', { request: refuse })).rejects.toThrow('refused');
  });

  it('leaves the window as it is unless it is told to change it', () => {
    chooseWindow('15m');
    availableCommands(full());
    expect(useTimeWindow.getState().window).toEqual({ kind: 'live', key: '15m' });
  });
});
