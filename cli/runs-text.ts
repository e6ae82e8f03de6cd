import { runStateText } from '../shared/format/run-state.ts';
import type { RunSummary } from '../shared/model/run.ts';
import { plainText } from './plain-text.ts';
import { durationText, emissionsText, energyText, moneyText, tableText, wattsText } from './text.ts';
import { cutText, textColumns } from './text-width.ts';

const runsHead = [
  'ID',
  'Status',
  'Name',
  'Project',
  'Started (UTC)',
  'Duration',
  'Energy',
  'Mean',
  'Emissions',
  'Cost',
  'Evidence',
];
/** The name of the alert that stopped it may be long; `wattrun show` has it whole. */
const mostStateColumns = 48;

const nameIndex = 2;
const leastNameColumns = 12;

/** `wattrun runs`: a line a run. `columns`: of the terminal, into which names are cut; null: they stay whole. */
export function runsText(runs: readonly RunSummary[], columns: number | null): string {
  const rows = runs.map((run) => [
    run.id,
    cutText(runStateText(run), mostStateColumns),
    plainText(run.name),
    run.project ?? '–',
    run.startedAt.slice(0, 16).replace('T', ' '),
    durationText(run.durationSeconds),
    energyText(run.totalJoules, run.lowJoules, run.highJoules),
    wattsText(run.meanWatts),
    emissionsText(run.emissions),
    moneyText(run.cost),
    run.provenance ?? '–',
  ]);
  const table = (lines: readonly (readonly string[])[]): string => tableText([runsHead, ...lines], [5, 7, 9]);
  const text = table(rows);
  const excess = columns === null ? 0 : widestOf(text.split('\n')) - columns;
  if (excess <= 0) return text;
  const nameColumns = widestOf(rows.map((row) => row[nameIndex] ?? ''));
  const kept = Math.max(leastNameColumns, nameColumns - excess);
  return table(rows.map((row) => row.with(nameIndex, cutText(row[nameIndex] ?? '', kept))));
}

const widestOf = (texts: readonly string[]): number => Math.max(0, ...texts.map(textColumns));
