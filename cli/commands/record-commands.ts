import { listSummaries, reportFromStore, resolveRunId } from '../../engine/reports/record-reports.ts';
import type { CliContext } from '../context.ts';
import { progressLines } from '../progress-text.ts';
import { withStore } from '../record.ts';
import {
  durationText,
  energyText,
  gramsText,
  moneyText,
  plainText,
  summaryText,
  tableText,
  wattsText,
} from '../text.ts';

export interface RunsOptions {
  readonly isJson: boolean;
  readonly project: string | undefined;
  readonly sinceMs: number | null;
}

export function runsCommand(context: CliContext, options: RunsOptions): number {
  const { runs } = withStore(context, (store) =>
    listSummaries(store, { project: options.project ?? null, sinceMs: options.sinceMs }),
  );
  if (options.isJson) {
    context.out(`${JSON.stringify({ schemaVersion: 1, runs }, null, 2)}\n`);
    return 0;
  }
  if (runs.length === 0) {
    context.say('No runs yet. Put `wattrun run --` in front of a command.');
    return 0;
  }
  const rows = runs.map((run) => [
    run.id,
    run.status,
    plainText(run.name),
    plainText(run.project ?? '–'),
    run.startedAt.slice(0, 16).replace('T', ' '),
    durationText(run.durationSeconds),
    energyText(run.totalJoules, run.lowJoules, run.highJoules),
    wattsText(run.meanWatts),
    gramsText(run.emissions.gramsCO2e),
    moneyText(run.cost),
    run.provenance ?? '–',
  ]);
  context.out(
    `${tableText([['ID', 'Status', 'Name', 'Project', 'Started (UTC)', 'Duration', 'Energy', 'Mean', 'Emissions', 'Cost', 'Evidence'], ...rows], [5, 7, 9])}\n`,
  );
  return 0;
}

export function showCommand(context: CliContext, words: string, isJson: boolean): number {
  const report = withStore(context, (store) => reportFromStore(store, resolveRunId(store, words)));
  context.out(isJson ? `${JSON.stringify(report, null, 2)}\n` : `${summaryText(report, progressLines(report))}\n`);
  return 0;
}
