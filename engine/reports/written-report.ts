import { runStateText } from '../../shared/format/run-state.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { closingSections } from './closing-sections.ts';
import type { DocumentWriter, PowerLine, Section } from './document.ts';
import type { ExportRun, ExportScene } from './export-format.ts';
import { projectSections } from './project-sections.ts';
import { durationText, emissionsText, energyText, moneyText, timeText } from './report-figures.ts';
import { runSections } from './run-sections.ts';

export interface WrittenReportOptions {
  readonly writer: DocumentWriter;
  /** Power over a run; null where the language draws nothing. */
  readonly lineOf: ((run: ExportRun) => PowerLine | null) | null;
}

/** A report piece by piece: the project's sums or each run, then a table of the runs, then versions and citation. */
export function* writtenReport(
  runs: Iterable<ExportRun>,
  scene: ExportScene,
  { writer, lineOf }: WrittenReportOptions,
): Generator<string, undefined> {
  const { project } = scene;
  yield writer.begin(
    project === null ? 'Energy statement' : `Energy of ${project.summary.project ?? 'runs without a project'}`,
  );
  if (project !== null) for (const section of projectSections(project)) yield writer.section(section);
  const rows: string[][] = [];
  for (const run of runs) {
    rows.push(rowOf(run.report));
    if (project !== null) continue;
    for (const section of runSections(run.report, lineOf?.(run) ?? null)) yield writer.section(section);
  }
  if (project !== null || rows.length !== 1) yield writer.section(runsSection(rows));
  for (const section of closingSections(scene)) yield writer.section(section);
  yield writer.end();
  return undefined;
}

const rowOf = ({ run, energy, emissions, cost }: RunReport): string[] => [
  run.name,
  run.id,
  runStateText(run),
  timeText(run.startedAt),
  durationText(run.durationSeconds),
  energyText({ joules: energy.totalJoules, ...energy }),
  emissionsText(emissions),
  cost === null ? '–' : moneyText(cost.amount, cost.currency),
];

function runsSection(rows: readonly string[][]): Section {
  if (rows.length === 0) return { title: 'Runs', level: 1, blocks: [{ kind: 'text', text: 'No runs.' }] };
  return {
    title: 'Runs',
    level: 1,
    blocks: [
      {
        kind: 'table',
        head: ['Run', 'Id', 'Status', 'Started', 'Duration', 'Energy', 'Emissions', 'Cost'],
        rows,
        right: [4, 5, 6, 7],
      },
    ],
  };
}
