import { type EnergyUnit, formatEnergyEnds } from '../shared/format/energy.ts';
import { differenceTexts, figureTexts } from '../shared/format/figure.ts';
import { missing } from '../shared/format/number-text.ts';
import { runStateText } from '../shared/format/run-state.ts';
import type { RunReport } from '../shared/model/run.ts';
import { type Comparison, compareRuns, type FigureRow, type SettingId } from '../shared/model/run-comparison.ts';
import type { Difference } from '../shared/model/run-difference.ts';
import { plainText } from './plain-text.ts';
import { tableText, terminalText } from './text.ts';
import { padText, textColumns } from './text-width.ts';

const locale = 'en-US';

const figureNames: Readonly<Record<string, string>> = {
  energyJoules: 'Energy',
  energyPerHourJoules: 'Energy per hour',
  energyPerEpochJoules: 'Energy per epoch',
  energyPerStepJoules: 'Energy per step',
  energyPerSampleJoules: 'Energy per sample',
  energyPerTokenJoules: 'Energy per token',
  durationSeconds: 'Duration',
  meanPowerWatts: 'Mean power',
  peakPowerWatts: 'Peak power',
  gpuShareRatio: 'GPU share',
  cpuShareRatio: 'CPU share',
  memoryShareRatio: 'Memory share',
  gpuUtilizationRatio: 'GPU use, mean',
  cpuCores: 'CPU cores, mean',
  gpuMemoryPeakBytes: 'GPU memory, peak',
  memoryPeakBytes: 'Memory, peak',
  emissionsGramsCO2e: 'Emissions',
  cost: 'Cost',
  powerCapSeconds: 'Lost to power cap',
  heatSeconds: 'Lost to heat',
  hardwareSlowdownSeconds: 'Lost to hardware',
  coverageRatio: 'Time seen',
  intensityGramsCO2ePerKwh: 'g CO2e per kWh',
  pue: 'PUE',
  pricePerKwh: 'Price per kWh',
};

const settingNames: Readonly<Record<Exclude<SettingId, 'tag'>, string>> = {
  evidence: 'Evidence',
  sources: 'Sources',
  gitCommit: 'Git commit',
  command: 'Command',
  project: 'Project',
  host: 'Machine',
  cwd: 'Folder',
  devices: 'Devices',
  region: 'Region',
  foundBy: 'Found by',
  os: 'System',
  cpu: 'CPU',
  driver: 'GPU driver',
  python: 'Python',
  variables: 'Variables',
  wattrunVersion: 'Wattrun',
};

/** A difference in one cell: '-4 % ±3', '= within bounds', '-' where there is none. */
export function differenceText(difference: Difference): string {
  switch (difference.kind) {
    case 'reference':
      return '';
    case 'equal':
      return 'same';
    case 'within-bounds':
      return '≈ within bounds';
    case 'from-zero':
      return 'more than none';
    case 'unknown':
      return difference.why === 'missing' ? missing : difference.why === 'running' ? 'still runs' : 'other currency';
    case 'differs': {
      const texts = differenceTexts(difference, { locale });
      if (texts === null) return missing;
      return terminalText(texts.band === null ? texts.value : `${texts.value} ${bandOf(texts.band)}`);
    }
  }
}

/** Both ends of a band that is no ± stand in brackets. */
const bandOf = (band: string): string => (band.startsWith('±') ? band : `(${band})`);

/** '33.1 ±0.6', or '31.7' where the bounds lie so unevenly that they have a line of their own. */
const cellText = (value: string, band: string | null): string =>
  terminalText(band?.startsWith('±') === true ? `${value} ${band}` : value);

function figureLine(row: FigureRow, reports: readonly RunReport[]): string[] {
  const currencies = reports.map(({ cost }) => cost?.currency ?? null);
  const { unit, cells } = figureTexts(row.unit, row.cells, { locale, currencies });
  const name = row.metric === null ? (figureNames[row.id] ?? row.id) : `Last ${row.metric}`;
  return [
    name,
    terminalText(unit ?? ''),
    ...row.cells.flatMap(({ difference }, index) => {
      const { value = missing, band = null } = cells[index] ?? {};
      return index === 0 ? [cellText(value, band)] : [cellText(value, band), differenceText(difference)];
    }),
  ];
}

const energyUnits: readonly EnergyUnit[] = ['J', 'Wh', 'kWh', 'MWh'];

/** The energy's bounds, both ends for each run: what every '≈ within bounds' stands on. */
function boundsLine(row: FigureRow, reports: readonly RunReport[]): string[] {
  const { unit } = figureTexts(row.unit, row.cells, { locale });
  const ends = reports.map(({ energy }) => {
    const shared = energyUnits.find((each) => each === unit);
    const found = formatEnergyEnds(
      { joules: energy.totalJoules, lowJoules: energy.lowJoules, highJoules: energy.highJoules },
      { locale, ...(shared === undefined ? {} : { unit: shared }) },
    );
    return found === null ? missing : terminalText(`${found.low} – ${found.high}`);
  });
  return ['  bounds', unit ?? '', ...ends.flatMap((text, index) => (index === 0 ? [text] : [text, '']))];
}

/** Texts of the runs that are not all alike, one under the other: they are too long for columns. */
function settingLines({ settings }: Comparison, names: readonly string[]): readonly string[] {
  return settings
    .filter(({ isDifferent }) => isDifferent)
    .flatMap((row) => [
      row.id === 'tag' ? `Tag ${plainText(row.tag ?? '')}` : settingNames[row.id],
      ...row.cells.map(({ text, words }, index) => {
        const shown = words.map((word) => (word.isDifferent && words.length > 1 ? `[${word.text}]` : word.text));
        return `  ${names[index] ?? ''}  ${plainText(text === null ? missing : shown.join(' '))}`;
      }),
    ]);
}

/** The figures of some runs against the first, then the settings that differ; `wattrun compare`. */
export function comparisonText(reports: readonly RunReport[]): string {
  const comparison = compareRuns(reports);
  const names = reports.map(({ run }) => plainText(run.name));
  const widest = Math.max(0, ...names.map(textColumns));
  const padded = names.map((name) => padText(name, widest));
  const head = ['', '', ...names.flatMap((name, index) => (index === 0 ? [name] : [name, 'against the first']))];
  const lines = comparison.figures.flatMap((row) => {
    const line = figureLine(row, reports);
    return row.id === 'energyJoules' ? [line, boundsLine(row, reports)] : [line];
  });
  const right = head.map((_, index) => index).filter((index) => index >= 2);
  const settings = settingLines(comparison, padded);
  const running = reports.filter(({ run }) => run.status === 'running').map(({ run }) => plainText(run.name));
  return [
    ...reports.map(
      ({ run }, index) =>
        `${padded[index] ?? ''}  ${run.id}  ${plainText(runStateText(run))}${run.isSimulated ? ' (simulated)' : ''}${index === 0 ? ', the reference' : ''}`,
    ),
    '',
    tableText([head, ...lines], right),
    ...(running.length === 0 ? [] : ['', `Still running, so its sums are not compared: ${running.join(', ')}`]),
    ...(settings.length === 0 ? [] : ['', ...settings]),
  ].join('\n');
}

interface WireDifference {
  readonly kind: Difference['kind'];
  readonly why: string | null;
  readonly ratio: number | null;
  readonly lowRatio: number | null;
  readonly highRatio: number | null;
}

function wireDifference(difference: Difference): WireDifference {
  const known = difference.kind === 'differs' ? difference : null;
  return {
    kind: difference.kind,
    why: difference.kind === 'unknown' ? difference.why : null,
    ratio: difference.kind === 'within-bounds' ? difference.ratio : (known?.ratio ?? null),
    lowRatio: known?.lowRatio ?? null,
    highRatio: known?.highRatio ?? null,
  };
}

/** What `wattrun compare --json` prints. Names are public: added to, never renamed. */
export function comparisonJson(reports: readonly RunReport[]): object {
  const { figures, settings } = compareRuns(reports);
  const idAt = (index: number): string | null => reports[index]?.run.id ?? null;
  return {
    schemaVersion: 1,
    referenceId: idAt(0),
    runs: reports.map(({ run: { id, name, project, status, startedAt, endedAt } }) => ({
      id,
      name,
      project,
      status,
      startedAt,
      endedAt,
    })),
    figures: figures.map(({ id, metric, better, isDifferent, cells }) => ({
      id,
      metric,
      better,
      isDifferent,
      values: cells.map(({ value, low, high, difference }, index) => ({
        runId: idAt(index),
        value,
        low,
        high,
        difference: wireDifference(difference),
      })),
    })),
    settings: settings.map(({ id, tag, isDifferent, cells }) => ({
      id,
      tag,
      isDifferent,
      values: cells.map(({ text, isDifferent: isOther }, index) => ({
        runId: idAt(index),
        text,
        isDifferent: isOther,
      })),
    })),
  };
}
