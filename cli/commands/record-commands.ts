import { listSummaries, reportFromStore, resolveRunId } from '../../engine/reports/record-reports.ts';
import type { Store } from '../../engine/store/store.ts';
import { isoFromUnixMs } from '../../shared/units.ts';
import type { CliContext } from '../context.ts';
import { plainText } from '../plain-text.ts';
import { print } from '../print.ts';
import { progressLines } from '../progress-text.ts';
import { assertProject, withStore } from '../record.ts';
import { runsText } from '../runs-text.ts';
import { summaryText } from '../text.ts';

export interface RunsOptions {
  readonly isJson: boolean;
  readonly project: string | undefined;
  readonly sinceMs: number | null;
}

export function runsCommand(context: CliContext, options: RunsOptions): number {
  const { runs, noneText } = withStore(context, (store) => {
    assertProject(store, options.project);
    const found = listSummaries(store, { project: options.project ?? null, sinceMs: options.sinceMs });
    return { runs: found.runs, noneText: found.total === 0 ? noRunsText(store, options) : null };
  });
  if (options.isJson) {
    context.out(`${JSON.stringify({ schemaVersion: 1, runs }, null, 2)}\n`);
    return 0;
  }
  if (noneText !== null) {
    context.say(noneText);
    return 0;
  }
  // Whole in a pipe: a script cuts by itself.
  context.show(runsText(runs, process.stdout.isTTY ? process.stdout.columns : null));
  return 0;
}

/** Why a list of runs is empty. */
function noRunsText(store: Store, { project, sinceMs }: RunsOptions): string {
  const all = store.listRuns();
  if (all.length === 0) return 'No runs yet. Put `wattrun run --` in front of a command.';
  const since = sinceMs === null ? '' : ` since ${isoFromUnixMs(sinceMs).slice(0, 16).replace('T', ' ')} (UTC)`;
  return `No run${project === undefined ? '' : ` of project ${plainText(project)}`} was started${since}.`;
}

export function showCommand(context: CliContext, words: string, isJson: boolean): number {
  const report = withStore(context, (store) => reportFromStore(store, resolveRunId(store, words)));
  return print(context, isJson, report, () => summaryText(report, progressLines(report)));
}
