import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportDefinition } from '../../engine/reports/export-book.ts';
import { exportRuns, listSummaries, reportFromStore, resolveRunId } from '../../engine/reports/record-reports.ts';
import type { CliContext } from '../context.ts';
import { progressLines } from '../progress-text.ts';
import { openRecord, withStore } from '../record.ts';
import { durationText, energyText, gramsText, plainText, summaryText, tableText, wattsText } from '../text.ts';
import { UsageError } from '../usage-error.ts';

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
    run.provenance ?? '–',
  ]);
  context.out(
    `${tableText([['ID', 'Status', 'Name', 'Project', 'Started (UTC)', 'Duration', 'Energy', 'Mean', 'Emissions', 'Evidence'], ...rows], [5, 7])}\n`,
  );
  return 0;
}

export function showCommand(context: CliContext, words: string, isJson: boolean): number {
  const report = withStore(context, (store) => reportFromStore(store, resolveRunId(store, words)));
  context.out(isJson ? `${JSON.stringify(report, null, 2)}\n` : `${summaryText(report, progressLines(report))}\n`);
  return 0;
}

export interface ExportOptions {
  readonly runs: readonly string[];
  readonly isAll: boolean;
  readonly format: string;
  readonly out: string;
}

/** Streams an export to a file, written beside and renamed when whole, or to stdout. */
export async function exportCommand(context: CliContext, options: ExportOptions): Promise<number> {
  if (!options.isAll && options.runs.length === 0)
    throw new UsageError('Say which runs to export, or --all.', 'wattrun export last --format csv');
  const definition = exportDefinition(options.format);
  const record = openRecord(context);
  try {
    const ids = options.isAll ? null : options.runs.map((words) => resolveRunId(record.store, words));
    const pieces = Readable.from(definition.render(exportRuns(record.store, ids)), { objectMode: true });
    if (options.out === '-') await toStdout(pieces);
    else await toFile(pieces, options.out);
    return 0;
  } finally {
    record.close();
  }
}

async function toStdout(pieces: Readable): Promise<void> {
  for await (const piece of pieces) if (!process.stdout.write(String(piece))) await once(process.stdout, 'drain');
}

async function toFile(pieces: Readable, path: string): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await pipeline(pieces, createWriteStream(temporary));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new Error(`${path} could not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
