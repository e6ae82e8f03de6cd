import { emissionsOfEnergy } from '../../shared/format/emissions.ts';
import { energyLike } from '../../shared/format/energy.ts';
import type { ProjectPeriod, ProjectReport, ProjectTotals } from '../../shared/model/project.ts';
import type { Block, Section } from './document.ts';
import { localDateText } from './local-time.ts';
import {
  costsText,
  durationText,
  emissionsText,
  energyText,
  numberText,
  partOfEnergyText,
  percentText,
  timeText,
} from './report-figures.ts';

/** Weeks or months that a chart and its table show: the newest. */
const mostPeriods = 26;

/** A project's sums, time by time, and what of it bought nothing. */
export function projectSections({ summary, weeks, months, wasteful }: ProjectReport): readonly Section[] {
  const { totals, loss, trend } = summary;
  const partText = (joules: number | null): string => partOfEnergyText(joules, totals);
  return [
    {
      title: `Project ${summary.project ?? '(none)'}`,
      level: 1,
      blocks: [
        {
          kind: 'facts',
          rows: [
            [
              'Runs',
              `${numberText(summary.runs)}${summary.runningRuns === 0 ? '' : `, ${summary.runningRuns} of them running`}`,
            ],
            ['Energy', energyText(totals)],
            ['Emissions', emissionsText(emissionsOfEnergy(totals.gramsCO2e, totals))],
            ['Cost', costsText(totals.costs)],
            ['Time of all runs', durationText(summary.durationSeconds)],
            ['From', timeText(summary.firstStartedAt)],
            ['Latest start', timeText(summary.lastStartedAt)],
            ...(summary.isSimulated ? ([['Data', 'simulated']] as const) : []),
          ],
        },
      ],
    },
    {
      title: 'Trend',
      level: 2,
      blocks: [
        {
          kind: 'text',
          text: `${partText(trend.recentJoules)} in the last ${trend.days} days, ${partText(trend.beforeJoules)} in the ${trend.days} before${
            trend.ratio === null
              ? ''
              : `: ${percentText(Math.abs(trend.ratio - 1), 0)} ${trend.ratio < 1 ? 'less' : 'more'}`
          }.`,
        },
      ],
    },
    {
      title: 'Lost',
      level: 2,
      blocks: [
        {
          kind: 'facts',
          rows: [
            ['Failed and interrupted runs', `${partText(loss.failedJoules)} in ${numberText(loss.failedRuns)} runs`],
            ['GPUs held idle by other runs', loss.idleJoules === null ? 'not known' : partText(loss.idleJoules)],
          ],
        },
        {
          kind: 'text',
          text: 'A failed or interrupted run counts whole: what of it lives on in a checkpoint Wattrun cannot know. Idle is what a run’s GPUs drew while they stood under 5 % of use.',
        },
      ],
    },
    periodSection('By week', weeks, totals),
    periodSection('By month', months, totals),
    ...(wasteful.length === 0
      ? []
      : [
          {
            title: 'Most wasteful runs',
            level: 2,
            blocks: [
              {
                kind: 'table',
                head: ['Run', 'Id', 'Status', 'Started', 'Duration', 'Energy', 'Wasted', 'Why'],
                rows: wasteful.map((run) => [
                  run.name,
                  run.id,
                  run.status,
                  timeText(run.startedAt),
                  durationText(run.durationSeconds),
                  partText(run.joules),
                  partText(run.wastedJoules),
                  run.reason === 'failed' ? 'did not finish' : 'GPUs idle',
                ]),
                right: [4, 5, 6],
              },
            ],
          } as const satisfies Section,
        ]),
  ];
}

function periodSection(title: string, periods: readonly ProjectPeriod[], totals: ProjectTotals): Section {
  const shown = periods.slice(-mostPeriods);
  const table: Block = {
    kind: 'table',
    head: ['From', 'Period', 'Runs', 'Energy', 'Emissions', 'Cost'],
    rows: shown.map((period) => [
      localDateText(period.fromMs),
      period.label,
      numberText(period.runs),
      partOfEnergyText(period.joules, totals),
      emissionsText(emissionsOfEnergy(period.gramsCO2e, energyLike(period.joules, totals))),
      costsText(period.costs),
    ]),
    right: [2, 3, 4, 5],
  };
  const bars = shown.map(({ label, joules }) => ({ label, value: joules, text: partOfEnergyText(joules, totals) }));
  return { title, level: 2, blocks: [{ kind: 'bars', caption: `Energy ${title.toLowerCase()}`, bars }, table] };
}
