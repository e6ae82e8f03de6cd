import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Parser } from 'csv-parse';
import type { ImportNote, ImportResult } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { Store } from '../store/store.ts';
import { cellsOf, type ImportedRun, missingColumns, RowRefusal, runFromCells, toldCells } from './codecarbon-row.ts';

export interface ImportWish {
  /** In place of the file's own project names. */
  readonly project: string | null;
  readonly isDryRun: boolean;
}

/** Imports under way: text is pushed piece by piece, so that a file of any length passes. */
export interface ImportBook {
  open(wish: ImportWish): string;
  push(importId: string, text: string): Promise<void>;
  finish(importId: string): Promise<ImportResult>;
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

const mostOpen = 4;
const mostNotes = 1000;
/** Runs that are written in one transaction. */
const batchRuns = 64;
/** A row of CodeCarbon's has some 600 characters. */
const mostRecordBytes = 64 * 1024;
const colorCount = 8;

export function createImportBook(store: Pick<Store, 'readRun' | 'putRuns' | 'putDomain'>): ImportBook {
  const open = new Map<string, OngoingImport>();
  const find = (importId: string): OngoingImport => {
    const ongoing = open.get(importId);
    if (ongoing === undefined) throw new WattrunError('imports/not-found', 'That import is over or was dropped.');
    return ongoing;
  };
  return {
    open(wish) {
      for (const [oldest, ongoing] of open) {
        if (open.size < mostOpen) break;
        ongoing.drop();
        open.delete(oldest);
      }
      const importId = randomUUID();
      open.set(importId, createImport(store, wish));
      return importId;
    },
    async push(importId, text) {
      try {
        await find(importId).push(text);
      } catch (error) {
        open.delete(importId);
        throw error;
      }
    },
    async finish(importId) {
      const ongoing = find(importId);
      open.delete(importId);
      return ongoing.finish();
    },
  };
}

interface OngoingImport {
  push(text: string): Promise<void>;
  finish(): Promise<ImportResult>;
  drop(): void;
}

function createImport(store: Pick<Store, 'readRun' | 'putRuns' | 'putDomain'>, wish: ImportWish): OngoingImport {
  let header: readonly string[] | null = null;
  let pending: ImportedRun[] = [];
  /** Durations of what this import has brought, by run. */
  const brought = new Map<string, number>();
  const result = { imported: 0, known: 0, repaired: 0, refused: 0, runIds: [] as string[], notes: [] as ImportNote[] };
  const note = (line: number, kind: ImportNote['kind'], message: string): void => {
    result[kind] += 1;
    if (result.notes.length < mostNotes) result.notes.push({ line, kind, message });
  };

  let failure: unknown = null;
  let opened: Promise<Parser> | null = null;

  async function openParser(): Promise<Parser> {
    const { parse } = await import('csv-parse');
    const parser = parse({
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: mostRecordBytes,
      skip_records_with_error: true,
    });
    parser.on('data', (row: CsvRecord) => {
      try {
        take(row);
      } catch (error) {
        failure ??= error;
      }
    });
    parser.on('skip', (error: { readonly lines?: number; readonly message?: string } | undefined) =>
      note(error?.lines ?? parser.info.lines, 'refused', `no row of CSV: ${error?.message ?? 'unreadable'}`),
    );
    parser.on('error', (error) => {
      failure ??= new WattrunError('imports/invalid', `The file cannot be read as CSV (${error.message}).`);
    });
    return parser;
  }

  function parserOf(): Promise<Parser> {
    opened ??= openParser();
    return opened;
  }

  function take({ record, info }: CsvRecord): void {
    if (header === null) {
      header = record.map((name) => name.trim());
      const missing = missingColumns(header);
      if (missing.length > 0)
        throw new WattrunError(
          'imports/invalid',
          `This is no emissions.csv of CodeCarbon: its first line has no column ${missing.join(', ')}.`,
        );
      return;
    }
    try {
      const { cells: read, isRepaired } = cellsOf(header, record);
      const cells = toldCells(read);
      const run = runFromCells(cells, { project: wish.project, colorIndex: brought.size % colorCount });
      if (isRepaired)
        note(
          info.lines,
          'repaired',
          `${record.length} fields under a header of ${header.length}: region, longitude and latitude, which CodeCarbon 3.3.0 leaves out, were put back empty`,
        );
      // What Wattrun exported comes back under the id that its run has here.
      const isHere = cells.run_id !== undefined && store.readRun(cells.run_id.trim()) !== null;
      if (isHere) result.known += 1;
      else keep(run, info.lines);
    } catch (error) {
      if (!(error instanceof RowRefusal)) throw error;
      note(info.lines, 'refused', error.message);
    }
  }

  /** CodeCarbon writes a row of a run at every flush, each with all that came before: the longest one counts. */
  function keep(run: ImportedRun, line: number): void {
    const { id, durationSeconds } = run.progress.record;
    const before = brought.get(id) ?? storedDuration(id);
    if (before !== null && before >= durationSeconds) {
      if (brought.has(id)) note(line, 'repaired', 'an earlier state of a run that is here already: left out');
      else result.known += 1;
      return;
    }
    if (brought.has(id)) note(line, 'repaired', 'a later state of a run above: takes its place');
    else {
      result.imported += 1;
      result.runIds.push(id);
    }
    brought.set(id, durationSeconds);
    pending = [...pending.filter(({ progress }) => progress.record.id !== id), run];
    if (pending.length >= batchRuns) write();
  }

  function storedDuration(id: string): number | null {
    const stored = store.readRun(id);
    return stored === null ? null : stored.record.durationSeconds;
  }

  function write(): void {
    if (!wish.isDryRun && pending.length > 0) {
      for (const domain of new Map(pending.flatMap(({ domains }) => domains.map((one) => [one.id, one]))).values())
        store.putDomain(domain);
      store.putRuns(pending.map(({ progress }) => progress));
    }
    pending = [];
  }

  const failed = (): void => {
    if (failure !== null) throw failure;
  };
  return {
    async push(text) {
      failed();
      const parser = await parserOf();
      if (!parser.write(text)) await once(parser, 'drain');
      failed();
    },
    async finish() {
      const parser = await parserOf();
      const ended = once(parser, 'end').catch(() => undefined);
      parser.end();
      await ended;
      failed();
      if (header === null) throw new WattrunError('imports/invalid', 'The file is empty.');
      write();
      return { ...result, runIds: wish.isDryRun ? [] : result.runIds };
    },
    drop: () => void opened?.then((parser) => parser.destroy()),
  };
}
