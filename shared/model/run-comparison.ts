import type { Bounded } from '../format/band.ts';
import { exactly, type Figure, type FigureDefinition, figureDefinitions } from './comparison-figures.ts';
import type { RunReport } from './run.ts';
import { type Difference, differenceOf, isKnownToDiffer } from './run-difference.ts';
import { environmentTexts, variableLines } from './run-environment-texts.ts';
import { lastMetric, metricDirection, metricKinds } from './run-metrics.ts';
import { type ComparedWord, compareWords } from './word-difference.ts';

/** How many runs are compared at once: more than eight have no colours and dashes of their own. */
export const comparedRuns = { least: 2, most: 8 } as const;

export interface ComparedFigure extends Bounded {
  readonly difference: Difference;
}

/** A number of each run, in the order of the runs. */
export interface FigureRow extends Figure {
  /** The metric's name where the row is the last value of a mark; null for the figures every run has. */
  readonly metric: string | null;
  readonly cells: readonly ComparedFigure[];
  /** True where a run is known to be another than the reference, or only some have the figure. */
  readonly isDifferent: boolean;
}

export const settingIds = [
  'evidence',
  'sources',
  'gitCommit',
  'command',
  'tag',
  'project',
  'host',
  'cwd',
  'devices',
  'region',
  'foundBy',
  'os',
  'cpu',
  'driver',
  'python',
  'variables',
  'wattrunVersion',
] as const;
export type SettingId = (typeof settingIds)[number];

export interface SettingCell {
  /** As text; null where the run has none. */
  readonly text: string | null;
  /** The same in pieces, those marked that the reference does not have there. */
  readonly words: readonly ComparedWord[];
  readonly isDifferent: boolean;
}

/** A text of each run: what was run, where and with what. */
export interface SettingRow {
  readonly id: SettingId;
  /** The tag's key; null for the others. */
  readonly tag: string | null;
  readonly cells: readonly SettingCell[];
  readonly isDifferent: boolean;
}

export interface Comparison {
  readonly figures: readonly FigureRow[];
  readonly settings: readonly SettingRow[];
}

/** Every figure and setting of some runs against the first of them. Rows that none of the runs has are left out. */
export function compareRuns(reports: readonly RunReport[]): Comparison {
  const metrics = metricKinds(reports).map((kind) => metricDefinition(kind));
  const figures = [...figureDefinitions.map((definition) => ({ definition, metric: null })), ...metrics]
    .map(({ definition, metric }) => figureRow(reports, definition, metric))
    .filter((row) => row.cells.some(({ value }) => value !== null));
  const settings = settingIds
    .flatMap((id) => (id === 'tag' ? tagRows(reports) : [settingRow(reports, id)]))
    .filter((row) => row.cells.some(({ text }) => text !== null));
  return { figures, settings };
}

function metricDefinition(kind: string): { definition: FigureDefinition; metric: string } {
  const better = metricDirection(kind);
  const read = (report: RunReport): Bounded => exactly(lastMetric(report, kind));
  return { definition: { id: `metric:${kind}`, unit: 'plain', better, isTotal: true, read }, metric: kind };
}

function figureRow(
  reports: readonly RunReport[],
  { read, ...figure }: FigureDefinition,
  metric: string | null,
): FigureRow {
  const values = reports.map((report) => read(report));
  const cells = values.map(
    (value, index): ComparedFigure => ({ ...value, difference: differenceAt(reports, { figure, values, index }) }),
  );
  const known = values.filter(({ value }) => value !== null).length;
  const isPartial = known > 0 && known < values.length;
  const isDifferent = isPartial || cells.some(({ difference }) => isKnownToDiffer(difference));
  return { ...figure, metric, cells, isDifferent };
}

interface DifferencePlace {
  readonly figure: Figure;
  readonly values: readonly Bounded[];
  readonly index: number;
}

function differenceAt(reports: readonly RunReport[], { figure, values, index }: DifferencePlace): Difference {
  const [reference, referenceRun, value, run] = [values[0], reports[0], values[index], reports[index]];
  if (index === 0 || reference === undefined || referenceRun === undefined) return { kind: 'reference' };
  if (value === undefined || run === undefined) return { kind: 'unknown', why: 'missing' };
  const found = differenceOf(value, reference);
  if (found.kind === 'unknown') return found;
  if (figure.isTotal && [run, referenceRun].some((each) => each.run.status === 'running'))
    return { kind: 'unknown', why: 'running' };
  const isMoney = figure.unit === 'money' || figure.id === 'pricePerKwh';
  if (isMoney && run.cost?.currency !== referenceRun.cost?.currency) return { kind: 'unknown', why: 'currency' };
  return found;
}

/** Text of a run; an empty one is none. */
function settingText({ run, energy, emissions, environment }: RunReport, id: Exclude<SettingId, 'tag'>): string | null {
  switch (id) {
    case 'evidence':
      return energy.provenance;
    case 'sources':
      return listText([...new Set(usedDomains(energy.domains).map(({ source }) => source))].sort());
    case 'devices':
      return listText(usedDomains(energy.domains).map(({ name }) => name));
    case 'region':
      return emissions.regionName;
    case 'command':
    case 'variables': {
      const words = settingWords({ run, environment }, id);
      return words.length === 0 ? null : words.join(' ');
    }
    case 'os':
    case 'driver':
    case 'python':
    case 'cpu':
    case 'wattrunVersion':
      return environment === null ? null : environmentTexts(environment)[id];
    default:
      return run[id];
  }
}

const usedDomains = (domains: RunReport['energy']['domains']): RunReport['energy']['domains'] =>
  domains.filter(({ splitBy, runJoules }) => splitBy !== 'none' && (runJoules ?? 0) > 0);

/** '2 × NVIDIA H100, Xeon 8480C'; null for none. */
function listText(names: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const parts = [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`));
  return parts.length === 0 ? null : parts.join(', ');
}

function settingRow(reports: readonly RunReport[], id: Exclude<SettingId, 'tag'>): SettingRow {
  const texts = reports.map((report) => settingText(report, id));
  if (id !== 'command' && id !== 'variables') return { id, tag: null, ...textCells(texts) };
  const words = reports.map((report) => settingWords(report, id));
  const reference = words[0] ?? [];
  const cells = words.map((each, index): SettingCell => {
    const compared = index === 0 ? each.map(sameWord) : compareWords(each, reference);
    const text = texts[index] ?? null;
    return { text, words: compared, isDifferent: index > 0 && text !== (texts[0] ?? null) };
  });
  return { id, tag: null, cells, isDifferent: cells.some(({ isDifferent }) => isDifferent) };
}

/** A command's arguments; variables as 'NAME=value'. */
const settingWords = (
  { run, environment }: Pick<RunReport, 'run' | 'environment'>,
  id: 'command' | 'variables',
): readonly string[] =>
  id === 'command' ? (run.command ?? []) : environment === null ? [] : variableLines(environment);

const sameWord = (text: string): ComparedWord => ({ text, isDifferent: false });

function tagRows(reports: readonly RunReport[]): readonly SettingRow[] {
  const keys = [...new Set(reports.flatMap(({ run }) => Object.keys(run.tags)))].sort();
  return keys.map((tag) => {
    const texts = reports.map(({ run }) => (Object.hasOwn(run.tags, tag) ? (run.tags[tag] ?? null) : null));
    return { id: 'tag', tag, ...textCells(texts) };
  });
}

function textCells(texts: readonly (string | null)[]): Pick<SettingRow, 'cells' | 'isDifferent'> {
  const reference = texts[0] ?? null;
  const cells = texts.map((text): SettingCell => {
    const isDifferent = text !== reference;
    return { text, words: text === null ? [] : [{ text, isDifferent }], isDifferent };
  });
  return { cells, isDifferent: cells.some(({ isDifferent }) => isDifferent) };
}
