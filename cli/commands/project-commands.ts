import { createProjectBook } from '../../engine/projects/project-book.ts';
import { emissionsOfEnergy } from '../../shared/format/emissions.ts';
import { energyLike } from '../../shared/format/energy.ts';
import type { ProjectSummary } from '../../shared/model/project.ts';
import type { CliContext } from '../context.ts';
import { openRecord } from '../record.ts';
import { emissionsText, energyText, joulesText, tableText } from '../text.ts';

/** Projects by their energy, with what of it was lost. */
export async function projectsCommand(context: CliContext, isJson: boolean): Promise<number> {
  const record = openRecord(context);
  try {
    const projects = await createProjectBook({ store: record.store, unixMs: Date.now }).list();
    if (isJson) context.out(`${JSON.stringify({ schemaVersion: 1, projects }, null, 2)}\n`);
    else if (projects.length === 0)
      context.say('No runs yet. Put `wattrun run --project NAME --` in front of a command.');
    else context.show(tableText([heads, ...projects.map(rowOf)], [1, 2, 4, 5, 6, 7]));
    return 0;
  } finally {
    record.close();
  }
}

const heads = ['Project', 'Runs', 'Energy', 'Latest start', 'Emissions', 'Cost', 'Failed', 'Idle', 'Trend, 28 days'];

const rowOf = ({ project, runs, totals, loss, trend, lastStartedAt }: ProjectSummary): string[] => [
  project ?? '(none)',
  String(runs),
  energyText(totals.joules, totals.lowJoules, totals.highJoules),
  lastStartedAt.slice(0, 10),
  emissionsText(emissionsOfEnergy(totals.gramsCO2e, totals)),
  totals.costs.length === 0
    ? '–'
    : totals.costs.map(({ amount, currency }) => `${amount.toFixed(2)} ${currency}`).join(' + '),
  loss.failedRuns === 0 ? '–' : joulesText(energyLike(loss.failedJoules, totals)),
  loss.idleJoules === null ? '–' : joulesText(energyLike(loss.idleJoules, totals)),
  trend.ratio === null ? '–' : `${trend.ratio < 1 ? '-' : '+'}${Math.abs((trend.ratio - 1) * 100).toFixed(0)} %`,
];
