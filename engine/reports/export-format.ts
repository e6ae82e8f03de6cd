import type { ExportFormat } from '../../shared/contract/engine-contract.ts';
import type { ProjectReport } from '../../shared/model/project.ts';
import type { RunReport } from '../../shared/model/run.ts';
import type { TimeSeriesRow } from '../store/store.ts';

/** A run as an export sees it: its report at once, its samples as they are pulled. */
export interface ExportRun {
  readonly report: RunReport;
  readonly timeSeries: () => Iterable<TimeSeriesRow>;
}

/** Text, or bytes where the format is binary. */
export type ExportPiece = string | Uint8Array;

/** What an export says beside its runs. */
export interface ExportScene {
  /** Wattrun's own, for citations and methods. */
  readonly version: string;
  readonly nowMs: number;
  /** Set where the export is of a project: its sums, weeks and losses. */
  readonly project: ProjectReport | null;
  /** Prints a page to PDF; null where nothing here can. */
  readonly print: PagePrinter | null;
}

/** Gives the bytes of a PDF of one self-contained HTML page. */
export type PagePrinter = (html: Iterable<string>) => AsyncIterable<Uint8Array>;

/** What a format is, as the contract tells it; what it needs is looked up when asked. */
export type ExportDescriptor = Omit<ExportFormat, 'needs'>;

/** Gives an export piece by piece, so that a million rows are never held at once. */
export interface ExportDefinition {
  readonly format: ExportDescriptor;
  /** Other names that scripts may know it by. */
  readonly aliases?: readonly string[];
  /** Cannot be written without a Chromium. */
  readonly isPrinted?: boolean;
  render(runs: Iterable<ExportRun>, scene: ExportScene): Iterable<ExportPiece> | AsyncIterable<ExportPiece>;
}
