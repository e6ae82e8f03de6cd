import { once } from 'node:events';
import { writeWhole } from '../../engine/files/write-whole.ts';
import { createPagePrinter } from '../../engine/printing/print-page.ts';
import { createProjectBook } from '../../engine/projects/project-book.ts';
import { exportDefinition } from '../../engine/reports/export-book.ts';
import type { ExportPiece } from '../../engine/reports/export-format.ts';
import { exportRuns, resolveRunId } from '../../engine/reports/record-reports.ts';
import type { TrackedRuns } from '../../engine/reports/tracked-runs.ts';
import type { CliContext } from '../context.ts';
import { keepHeapSmall } from '../lean-process.ts';
import { assertProject, type OpenRecord, openRecord } from '../record.ts';
import { UsageError } from '../usage-error.ts';

export interface ExportOptions {
  readonly runs: readonly string[];
  readonly isAll: boolean;
  readonly project: string | undefined;
  readonly format: string;
  readonly out: string;
}

const interrupted = 130;
const progressEveryMs = 250;

/** Streams an export to a file, written beside and renamed when whole, or to stdout. Interrupted, it leaves nothing behind. */
export async function exportCommand(context: CliContext, options: ExportOptions): Promise<number> {
  const { project } = options;
  const ways = [options.isAll, options.runs.length > 0, project !== undefined].filter(Boolean).length;
  if (ways !== 1)
    throw new UsageError(
      ways === 0 ? 'Say which runs to export, or --all, or --project.' : 'Say either runs, or --all, or --project.',
      'wattrun export last --format csv',
    );
  const definition = exportDefinition(options.format);
  if (definition.format.isBinary === true && options.out === '-' && process.stdout.isTTY)
    throw new UsageError(`${options.format} is no text for a terminal.`, 'Say where to with --out FILE.');
  keepHeapSmall();
  const record = openRecord(context);
  const stop = new AbortController();
  const unlisten = onSignals(() => stop.abort());
  try {
    const runs = await runsOf(record, options);
    const scene = {
      version: context.version,
      nowMs: Date.now(),
      project: await projectOf(record, definition.format.hasProjectReport === true ? project : undefined),
      print: createPagePrinter({ environment: context.environment }),
    };
    const pieces = watched(definition.render(runs, scene), runs, stop.signal);
    if (options.out === '-') await toStdout(pieces);
    else await writeWhole(options.out, pieces, stop.signal);
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    context.say('wattrun: the export was interrupted; nothing was written.');
    return interrupted;
  } finally {
    unlisten();
    record.close();
  }
}

async function runsOf({ store }: OpenRecord, { runs, isAll, project }: ExportOptions): Promise<TrackedRuns> {
  assertProject(store, project);
  if (isAll || project !== undefined) return exportRuns(store, null, project ?? null);
  return exportRuns(store, [...new Set(runs.map((words) => resolveRunId(store, words)))]);
}

const projectOf = async ({ store }: OpenRecord, project: string | undefined) =>
  project === undefined ? null : createProjectBook({ store, unixMs: Date.now }).read(project);

/** Gives others their turn between pieces, ends when asked to, and says how far it is where somebody looks. */
async function* watched(
  pieces: Iterable<ExportPiece> | AsyncIterable<ExportPiece>,
  runs: TrackedRuns,
  signal: AbortSignal,
): AsyncGenerator<ExportPiece, undefined> {
  const isWatched = process.stderr.isTTY === true && process.stdout.isTTY !== true;
  let saidMs = performance.now();
  let hasSaid = false;
  for await (const piece of pieces) {
    signal.throwIfAborted();
    yield piece;
    const nowMs = performance.now();
    if (nowMs - saidMs < progressEveryMs) continue;
    saidMs = nowMs;
    // Signals are heard between turns only.
    await new Promise((resolve) => setImmediate(resolve));
    if (!isWatched) continue;
    hasSaid = true;
    process.stderr.write(`\rExporting ${Math.floor(runs.doneRatio() * 100)} %`);
  }
  if (hasSaid) process.stderr.write('\rExporting 100 %\n');
  return undefined;
}

function onSignals(act: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, act);
  return () => {
    for (const signal of signals) process.off(signal, act);
  };
}

async function toStdout(pieces: AsyncIterable<ExportPiece>): Promise<void> {
  for await (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
}
