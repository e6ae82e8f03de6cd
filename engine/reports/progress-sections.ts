import type { Counted } from '../../shared/model/progress.ts';
import type { RunReport } from '../../shared/model/run.ts';
import type { Block, Section } from './document.ts';
import { coverageText, durationText, energyText, numberText, wattsText } from './report-figures.ts';

/** Rows of a list in a report; the JSON has them all. */
const mostRows = 40;

const figure = (joules: number | null, lowJoules: number | null, highJoules: number | null): string =>
  energyText({ joules, lowJoules, highJoules });

/** What an epoch, a step, a sample and a token took, and each epoch and window by itself; null where the run told of none. */
export function progressPart({ progress, epochs, windows }: RunReport): Omit<Section, 'level'> | null {
  const counts = (
    [
      ['Epochs', progress.epochs],
      ['Steps', progress.steps],
      ['Samples', progress.samples],
      ['Tokens', progress.tokens],
    ] as const
  ).flatMap(([label, counted]) => (counted === null ? [] : [countRow(label, counted)]));
  const blocks: readonly Block[] = [
    ...(counts.length === 0
      ? []
      : [{ kind: 'table', head: ['Of', 'Done', 'Energy each', 'Told by'], rows: counts, right: [1, 2] } as const]),
    ...(epochs.length === 0
      ? []
      : [
          {
            kind: 'table',
            head: ['Epoch', 'Energy', 'Mean', 'Duration', 'Steps', 'Measured'],
            rows: epochs
              .slice(0, mostRows)
              .map((epoch) => [
                epoch.index === null ? 'outside epochs' : `${epoch.index}${epoch.isDone ? '' : ', not done'}`,
                figure(epoch.joules, epoch.lowJoules, epoch.highJoules),
                wattsText(epoch.joules === null || epoch.seconds <= 0 ? null : epoch.joules / epoch.seconds),
                durationText(epoch.seconds),
                epoch.steps === null ? '–' : numberText(epoch.steps),
                coverageText(epoch.coverage),
              ]),
            right: [1, 2, 3, 4, 5],
          } as const,
        ]),
    ...(epochs.length <= mostRows
      ? []
      : [{ kind: 'text', text: `${numberText(epochs.length - mostRows)} more; all are in the JSON.` } as const]),
    ...(windows.length === 0
      ? []
      : [
          {
            kind: 'table',
            head: ['Window', 'Times', 'Energy', 'Duration'],
            rows: windows
              .slice(0, mostRows)
              .map((window) => [
                window.name,
                numberText(window.count),
                figure(window.joules, window.lowJoules, window.highJoules),
                durationText(window.seconds),
              ]),
            right: [1, 2, 3],
          } as const,
        ]),
  ];
  return blocks.length === 0 ? null : { title: 'Epochs and steps', blocks };
}

const countRow = (label: string, { count, joulesEach, lowJoulesEach, highJoulesEach, source }: Counted) => [
  label,
  numberText(count),
  figure(joulesEach, lowJoulesEach, highJoulesEach),
  source,
];
