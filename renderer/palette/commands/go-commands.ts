import { liveViews } from '../../app/router.ts';
import { pages } from '../../app/sidebar.tsx';
import { deviceRowId } from '../../live/device-row-id.ts';
import { sectionElementId, settingsSections } from '../../settings/settings-sections.ts';
import { showSection } from '../../settings/show-section.ts';
import type { Command, CommandSource } from '../command.ts';
import { focusElement, goTo } from '../go-to.ts';

/** The pages, in the order of their keys, and the views of Live. */
export const pageCommands: CommandSource = () => [
  ...pages.map(
    (page): Command => ({
      id: `go:${page.word}`,
      title: { key: `nav.${page.word}` },
      keywords: [{ key: 'keywords.go' }, { key: `keywords.page.${page.word}` }],
      group: 'go',
      icon: page.icon,
      ...(page.word === 'settings' ? { keys: 'settings' as const } : {}),
      run: () => goTo(page.route),
    }),
  ),
  ...liveViews.slice(1).map(
    (view): Command => ({
      id: `go:live-${view}`,
      title: { key: 'command.liveView', words: { view: `live.view.${view}` } },
      keywords: [{ key: 'keywords.go' }],
      group: 'go',
      icon: 'live',
      run: () => goTo({ page: 'live', view }),
    }),
  ),
];

/** Newest runs stand in the list; the others are found by name, project, tag or id. */
const mostListed = 5;

export const runCommands: CommandSource = ({ runs }) =>
  runs.map((run, index) => ({
    id: `run:${run.id}`,
    title: { name: run.name },
    hint: run.project === null ? { key: `state.run.${run.status}` } : { name: run.project },
    keywords: [
      { key: 'keywords.run' },
      { name: run.project ?? '' },
      { name: Object.values(run.tags).join(' ') },
      { name: run.id },
    ],
    group: 'runs',
    icon: 'runs',
    isListed: index < mostListed,
    run: () => goTo({ page: 'run', runId: run.id }),
  }));

export const deviceCommands: CommandSource = ({ live }) =>
  (live?.devices ?? []).map(({ domain }) => ({
    id: `device:${domain.id}`,
    title: { name: domain.label },
    hint: { name: domain.name },
    keywords: [{ name: domain.name }, { key: 'keywords.device' }],
    group: 'devices',
    icon: 'host',
    isListed: false,
    run: () => goTo({ page: 'live', view: 'overview' }, () => focusElement(deviceRowId(domain.id))),
  }));

export const settingCommands: CommandSource = () =>
  settingsSections.map(({ id, icon }) => ({
    id: `settings:${id}`,
    title: { key: 'command.settingsSection', words: { section: `settings.section.${id}` } },
    keywords: [{ key: `keywords.settings.${id}` }],
    group: 'settings',
    icon,
    isListed: false,
    isAvailable: ({ settings }) => settings !== null,
    run: () =>
      goTo({ page: 'settings' }, () => {
        showSection(id);
        return document.getElementById(sectionElementId(id)) !== null;
      }),
  }));
