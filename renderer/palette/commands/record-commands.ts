import { statementText } from '../../../shared/format/statement.ts';
import { compareRefusal } from '../../compare/compare-choice.ts';
import type { Command, CommandContext, CommandSource } from '../command.ts';
import { goTo } from '../go-to.ts';

const isConnected = (context: CommandContext): boolean => context.isConnected;

/** Start a run; stop and mark each one that goes on. */
export const recordCommands: CommandSource = ({ live }) => [
  {
    id: 'record:start',
    title: { key: 'command.start' },
    keywords: [{ key: 'keywords.start' }],
    group: 'record',
    icon: 'play',
    isAvailable: isConnected,
    run: ({ ask }) => ask({ kind: 'start' }),
  },
  ...(live?.runs ?? [])
    .filter((run) => run.status === 'running')
    .flatMap(({ id, name }): Command[] => [
      {
        id: `record:stop:${id}`,
        title: { key: 'command.stop', values: { name } },
        keywords: [{ key: 'keywords.stop' }],
        group: 'record',
        icon: 'stop',
        isAvailable: isConnected,
        run: ({ ask }) => ask({ kind: 'stop', run: { id, name } }),
      },
      {
        id: `record:mark:${id}`,
        title: { key: 'command.mark', values: { name } },
        keywords: [{ key: 'keywords.mark' }],
        group: 'record',
        icon: 'note',
        isAvailable: isConnected,
        run: ({ ask }) => ask({ kind: 'mark', run: { id, name } }),
      },
    ]),
];

export const compareCommand: Command = {
  id: 'record:compare',
  title: { key: 'command.compare' },
  keywords: [{ key: 'keywords.compare' }],
  group: 'record',
  icon: 'compare',
  keys: 'compare',
  isAvailable: ({ selectedRunIds }) => compareRefusal(selectedRunIds.length) === null,
  run: ({ selectedRunIds }) => goTo({ page: 'compare', runIds: selectedRunIds }),
};

/** Of the run that is looked at, and of the newest one on record. */
export const statementCommands: CommandSource = ({ runs, route }) => {
  const [newest] = runs;
  const shownId = route.page === 'run' ? route.runId : null;
  return [
    ...(shownId === null
      ? []
      : [statementCommand({ id: 'statement:this', key: 'command.statementThis', runId: shownId })]),
    ...(newest === undefined
      ? []
      : [
          statementCommand({ id: 'statement:last', key: 'command.statementLast', runId: newest.id, name: newest.name }),
        ]),
  ];
};

interface Stated {
  readonly id: string;
  readonly key: string;
  readonly runId: string;
  readonly name?: string;
}

function statementCommand({ id, key, runId, name }: Stated): Command {
  return {
    id,
    title: { key },
    ...(name === undefined ? {} : { hint: { name } }),
    keywords: [{ key: 'keywords.statement' }],
    group: 'export',
    icon: 'copy',
    isAvailable: isConnected,
    async run({ request, copyText, showNotice, words, locale }) {
      const report = await request('runs.read', { runId });
      await copyText(statementText(report, words, locale));
      showNotice(words('done.statement', { name: report.run.name }));
    },
  };
}

/** Everything on record in every format the engine can write. */
export const exportCommands: CommandSource = ({ formats, runs }) =>
  formats.map((format) => ({
    id: `export:${format.id}`,
    title: { key: 'command.export', values: { format: format.label } },
    hint: { name: `.${format.extension}` },
    keywords: [{ key: 'keywords.export' }, { name: format.id.replaceAll('-', ' ') }],
    group: 'export',
    icon: 'save',
    isAvailable: (context) => context.isConnected && runs.length > 0,
    run: ({ startExport }) => startExport(format.id, null),
  }));
