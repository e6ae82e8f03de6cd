import { energyLike } from '../../shared/format/energy.ts';
import { gapEffectText, gapReasonTexts } from '../../shared/format/gap-words.ts';
import { runStateText } from '../../shared/format/run-state.ts';
import { shellCommand } from '../../shared/format/shell-command.ts';
import { englishWords, statementText } from '../../shared/format/statement.ts';
import type { RunDomain, RunReport } from '../../shared/model/run.ts';
import { runMeanWattsOn } from '../../shared/model/run-devices.ts';
import { checkRatio, gainGroups, heldBackGroups } from '../../shared/model/run-facts.ts';
import type { Block, PowerLine, Section } from './document.ts';
import { besideEmissions, sharesOverTime } from './emissions-sections.ts';
import { environmentPart } from './environment-section.ts';
import { evidenceWords } from './evidence-words.ts';
import { progressPart } from './progress-sections.ts';
import {
  coverageText,
  durationText,
  emissionsText,
  energyText,
  joulesText,
  locale,
  moneyText,
  numberText,
  partOfEnergyText,
  percentText,
  timeText,
  valueOfEnergyText,
  wattsText,
} from './report-figures.ts';

type Facts = Extract<Block, { kind: 'facts' }>['rows'];

/** One part of a run's report; null where the run has nothing to say in it. Another part is one more function in the list below. */
type RunPart = (report: RunReport) => { readonly title: string; readonly blocks: readonly Block[] } | null;

const facts = (rows: Facts): Block => ({ kind: 'facts', rows: rows.filter(([, value]) => value !== '') });

/** Energy as one would state it in a paper: method, bounds and what the emissions stand on. */
const energyPart: RunPart = ({ energy, run }) => ({
  title: 'Energy',
  blocks: [
    facts([
      ['Energy of the run', energyText({ joules: energy.totalJoules, ...energy })],
      ['Unrounded', energy.totalJoules === null ? '' : `${energy.totalJoules} J`],
      ['Mean power', wattsText(energy.meanWatts)],
      ['Peak power', wattsText(energy.peakWatts)],
      ['Time measured', run.foundBy === 'import' ? 'not known' : coverageText(energy.coverage)],
      [
        'Whole machine meanwhile',
        energy.machineJoules === null
          ? ''
          : partOfEnergyText(energy.machineJoules, {
              joules: energy.totalJoules,
              lowJoules: energy.lowJoules,
              highJoules: energy.highJoules,
            }),
      ],
      ['At the wall', energy.wall === null ? '' : wallText(energy.wall)],
    ]),
  ],
});

const wallText = (wall: NonNullable<RunReport['energy']['wall']>): string =>
  `${energyText(wall)}, the whole machine, ${wall.isMeasured ? 'by a wattmeter' : 'estimated from its calibration'}, ${coverageText(wall.coverage)} of the time`;

/** The whole device with no more digits than the run's share beside it, so that a part never looks larger than its whole. */
function wholeText(domain: RunDomain): string {
  const { joules, lowJoules, highJoules } = domain;
  const share = { joules: domain.runJoules, lowJoules: domain.runLowJoules, highJoules: domain.runHighJoules };
  const like = energyLike(joules, share);
  return valueOfEnergyText({
    joules,
    lowJoules: least(lowJoules, like.lowJoules),
    highJoules: most(highJoules, like.highJoules),
  });
}

const least = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);
const most = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);

const devicesPart: RunPart = ({ energy }) =>
  energy.domains.length === 0
    ? null
    : {
        title: 'Devices',
        blocks: [
          {
            kind: 'table',
            head: [
              'Device',
              'Energy of the run',
              'Mean',
              'Whole device',
              'Device peak',
              'Use',
              'Evidence',
              'Share by',
              'Measured',
            ],
            rows: energy.domains.map((domain) => [
              `${domain.label}: ${domain.name}`,
              energyText({
                joules: domain.runJoules,
                lowJoules: domain.runLowJoules,
                highJoules: domain.runHighJoules,
              }),
              wattsText(runMeanWattsOn(domain)),
              wholeText(domain),
              wattsText(domain.peakWatts),
              percentText(domain.meanUtilizationRatio),
              `${domain.provenance} (${domain.source})`,
              domain.splitBy,
              coverageText(domain.coverage),
            ]),
            right: [1, 2, 3, 4, 5, 8],
          },
        ],
      };

const emissionsPart: RunPart = (report) => {
  const { emissions, cost } = report;
  return {
    title: 'Emissions and cost',
    blocks: [
      facts([
        ['Emissions', emissionsText(emissions)],
        ['Unrounded', emissions.gramsCO2e === null ? '' : `${emissions.gramsCO2e} g CO₂e`],
        ['Intensity', `${emissions.intensityGramsCO2ePerKwh} g CO₂e/kWh, ${emissions.regionName}`],
        [
          'Source of it',
          `${emissions.intensitySource}${emissions.intensityYear === null ? '' : `, ${emissions.intensityYear}`}`,
        ],
        ['PUE', `${emissions.pue}`],
        [
          'Cost',
          cost === null ? '' : `${moneyText(cost.amount, cost.currency)} at ${cost.pricePerKwh} ${cost.currency}/kWh`,
        ],
        ...besideEmissions(emissions),
      ]),
      ...sharesOverTime(report),
    ],
  };
};

const methodPart: RunPart = (report) => {
  const { energy, run } = report;
  const shares = Object.entries(energy.evidence) as [keyof typeof evidenceWords, number][];
  const how =
    run.foundBy === 'import'
      ? 'The figures are CodeCarbon’s own, taken over from its emissions.csv: how each was measured, and between which bounds it lies, it does not tell. Wattrun measured nothing of this run.'
      : shares.length === 0
        ? 'Nothing was measured.'
        : `By energy: ${shares.map(([kind, share]) => `${percentText(share, share < 0.01 ? 2 : 0)} by ${evidenceWords[kind]}`).join('; ')}.`;
  const bounds =
    energy.lowJoules === null
      ? []
      : [
          'Bounds hold in 95 of 100 cases what sensors document, what sampling leaves open, and the time without readings; a single sensor’s own gain stands apart. Energy in a gap is never invented.',
        ];
  const gains = gainGroups(energy.domains).map(
    ({ lowRatio, highRatio, labels }) =>
      `${labels.join(', ')}: beside the bounds, the truth over what a single sensor of this kind reads was found between ${numberText(lowRatio, 2)} and ${numberText(highRatio, 2)}.`,
  );
  const checks = energy.domains.flatMap((domain) => {
    const ratio = checkRatio(domain);
    return ratio === null
      ? []
      : [
          `${domain.label}: its power samples say ${percentText(Math.abs(ratio), 1)} ${ratio < 0 ? 'less' : 'more'} than its counter.`,
        ];
  });
  return {
    title: 'Method',
    blocks: [how, ...bounds, ...gains, ...checks].map((text) => ({ kind: 'text', text })),
  };
};

const unreadPart: RunPart = ({ environment }) => {
  const rows = (environment?.unread ?? []).map(({ label, reason }) => [label, reason]);
  if (rows.length === 0) return null;
  const text =
    'What these sources measure was there, could not be read in all of the run, and is in none of its figures.';
  return {
    title: 'Not read',
    blocks: [
      { kind: 'text', text },
      { kind: 'table', head: ['Source', 'Why'], rows, right: [] },
    ],
  };
};

const gapsPart: RunPart = ({ energy }) => {
  const gaps = energy.domains.flatMap((domain: RunDomain) => domain.gaps.map((gap) => ({ domain, gap })));
  if (gaps.length === 0) return null;
  return {
    title: 'Time without readings',
    blocks: [
      {
        kind: 'table',
        head: ['Device', 'From', 'To', 'Reason', 'Energy'],
        rows: gaps
          .slice(0, mostRows)
          .map(({ domain, gap }) => [
            domain.label,
            timeText(gap.from),
            timeText(gap.to),
            gapReasonTexts[gap.reason],
            gapEffectText(gap),
          ]),
        right: [],
      },
      ...leftOut(gaps.length),
    ],
  };
};

/** Rows of a list in a report; the JSON has them all. */
const mostRows = 40;
const leftOut = (count: number): readonly Block[] =>
  count <= mostRows ? [] : [{ kind: 'text', text: `${numberText(count - mostRows)} more; all are in the JSON.` }];

const heldBackPart: RunPart = ({ energy, run }) => {
  const groups = heldBackGroups(energy.domains, run.durationSeconds).map(({ reason, labels, longest }) => [
    labels.join(', '),
    reason,
    `${durationText(longest.seconds)} (${longest.ratio < 0.005 ? 'under 1 %' : percentText(longest.ratio)})`,
  ]);
  return groups.length === 0
    ? null
    : { title: 'Held back', blocks: [{ kind: 'table', head: ['Devices', 'By', 'Longest'], rows: groups, right: [2] }] };
};

const marksPart: RunPart = ({ marks }) =>
  marks.length === 0
    ? null
    : {
        title: 'Marks',
        blocks: [
          {
            kind: 'table',
            head: ['At', 'Kind', 'Mark', 'Value', 'Energy so far'],
            rows: marks
              .slice(0, mostRows)
              .map(({ at, kind, label, value, joules }) => [
                timeText(at),
                kind,
                label,
                value === null ? '–' : String(value),
                joulesText(joules),
              ]),
            right: [3, 4],
          },
          ...leftOut(marks.length),
        ],
      };

const alertsPart: RunPart = ({ alerts }) =>
  alerts.length === 0
    ? null
    : {
        title: 'Alerts',
        blocks: [
          {
            kind: 'table',
            head: ['Fired', 'Cleared', 'Level', 'What'],
            rows: alerts
              .slice(0, mostRows)
              .map(({ firedAt, clearedAt, level, message }) => [
                timeText(firedAt),
                timeText(clearedAt),
                level,
                message,
              ]),
            right: [],
          },
          ...leftOut(alerts.length),
        ],
      };

const runPart: RunPart = ({ run }) => ({
  title: 'Run',
  blocks: [
    facts([
      ['Id', run.id],
      ['Project', run.project ?? ''],
      [
        'Tags',
        Object.entries(run.tags)
          .map(([key, value]) => `${key}=${value}`)
          .join(', '),
      ],
      [
        'Status',
        [
          runStateText(run),
          ...(run.status === 'interrupted' ? ['closed at its last sample'] : []),
          ...(run.exitCode === null ? [] : [`exit code ${run.exitCode}`]),
        ].join(', '),
      ],
      ['Started', timeText(run.startedAt)],
      ['Ended', timeText(run.endedAt)],
      ['Duration', durationText(run.durationSeconds)],
      ['Machine', run.host],
      ['Git commit', run.gitCommit ?? ''],
      ['Notes', run.notes],
    ]),
    ...(run.command === null ? [] : [{ kind: 'code', text: shellCommand(run.command) } as const]),
  ],
});

const parts: readonly RunPart[] = [
  energyPart,
  devicesPart,
  progressPart,
  emissionsPart,
  methodPart,
  heldBackPart,
  unreadPart,
  gapsPart,
  marksPart,
  alertsPart,
  runPart,
  environmentPart,
];

/** A run's report, its statement first. `line`: power over the run, for those who draw. */
export function runSections(report: RunReport, line: PowerLine | null): readonly Section[] {
  const statement: Block = { kind: 'text', text: statementText(report, englishWords, locale) };
  const chart: readonly Block[] =
    line === null ? [] : [{ kind: 'power', caption: 'Power of the devices the run used', line }];
  return [
    { title: report.run.name, level: 1, blocks: [statement, ...chart] },
    ...parts.flatMap((part) => {
      const made = part(report);
      return made === null ? [] : [{ ...made, level: 2 } as const];
    }),
  ];
}
