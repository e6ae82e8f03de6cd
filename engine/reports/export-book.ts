import { randomUUID } from 'node:crypto';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { ExportDefinition, ExportPiece, ExportScene } from './export-format.ts';
import { exportDefinitions } from './registry.ts';
import type { TrackedRuns } from './tracked-runs.ts';

export interface OpenedExport {
  readonly exportId: string;
  readonly fileName: string;
  readonly mimeType: string;
}

export interface OpenExport {
  readonly format: string;
  readonly runs: TrackedRuns;
  readonly scene: ExportScene;
  /** What the file is named after. */
  readonly label: string;
}

/** One piece of an export. A binary format has its bytes in `base64` and no text. */
export interface PulledPiece {
  readonly text: string;
  readonly base64?: string;
  readonly isDone: boolean;
  /** Share of the runs and their samples that is behind, 0…1. */
  readonly doneRatio: number;
}

/** Exports under way: pulled piece by piece by whoever opened them. */
export interface ExportBook {
  open(asked: OpenExport): OpenedExport;
  next(exportId: string): Promise<PulledPiece>;
  /** Cancels it; what it holds is let go. */
  close(exportId: string): void;
}

interface OngoingExport {
  readonly pieces: AsyncIterator<ExportPiece>;
  readonly runs: TrackedRuns;
  readonly isBinary: boolean;
  /** Pulls wait for each other: pieces come in the order in which they were asked for. */
  last: Promise<unknown>;
}

const pieceLength = 256 * 1024;
const mostOpen = 16;

export function createExportBook(): ExportBook {
  const open = new Map<string, OngoingExport>();

  function end(exportId: string): void {
    const ongoing = open.get(exportId);
    open.delete(exportId);
    // A printer that is at work is not waited for; it ends by itself.
    void ongoing?.pieces.return?.()?.catch(() => undefined);
  }

  async function pull(exportId: string, ongoing: OngoingExport): Promise<PulledPiece> {
    const parts: ExportPiece[] = [];
    let isDone = false;
    for (let length = 0; length < pieceLength; ) {
      const piece = await ongoing.pieces.next();
      if (piece.done === true) {
        isDone = true;
        open.delete(exportId);
        break;
      }
      parts.push(piece.value);
      length += piece.value.length;
    }
    const doneRatio = isDone ? 1 : ongoing.runs.doneRatio();
    if (!ongoing.isBinary) return { text: parts.join(''), isDone, doneRatio };
    return { text: '', base64: Buffer.concat(parts.map(bytesOf)).toString('base64'), isDone, doneRatio };
  }

  return {
    open({ format, runs, scene, label }) {
      const definition = exportDefinition(format);
      const exportId = randomUUID();
      // An export that nobody pulls any more must not stay for ever.
      for (const oldest of open.keys()) {
        if (open.size < mostOpen) break;
        end(oldest);
      }
      open.set(exportId, {
        pieces: iteratorOf(definition.render(runs, scene)),
        runs,
        isBinary: definition.format.isBinary === true,
        last: Promise.resolve(),
      });
      return {
        exportId,
        fileName: `${fileNamePart(label)}.${definition.format.extension}`,
        mimeType: definition.format.mimeType,
      };
    },
    next(exportId) {
      const ongoing = open.get(exportId);
      if (ongoing === undefined)
        return Promise.reject(new WattrunError('exports/not-found', 'That export is over or was closed.'));
      const pulled = ongoing.last.then(() => pull(exportId, ongoing));
      ongoing.last = pulled.catch(() => end(exportId));
      return pulled;
    },
    close: end,
  };
}

const bytesOf = (piece: ExportPiece): Uint8Array => (typeof piece === 'string' ? Buffer.from(piece) : piece);

async function* iteratorOf(
  pieces: Iterable<ExportPiece> | AsyncIterable<ExportPiece>,
): AsyncGenerator<ExportPiece, undefined> {
  yield* pieces;
  return undefined;
}

export function exportDefinition(format: string): ExportDefinition {
  const definition = exportDefinitions.find((one) => one.format.id === format || one.aliases?.includes(format));
  if (definition !== undefined) return definition;
  throw new WattrunError(
    'exports/unknown-format',
    `There is no export format ${format}.`,
    `Formats: ${exportDefinitions.map((one) => one.format.id).join(', ')}`,
  );
}

/** Names that Windows keeps for devices, with any ending. */
const deviceNames = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** A run's name as part of a file name: no separators, no control characters, nothing hidden. */
export function fileNamePart(label: string): string {
  const part =
    label
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[.-]+|[.-]+$/g, '')
      .slice(0, 80)
      .replace(/[\uD800-\uDBFF]$/, '')
      .replace(/[.-]+$/, '') || 'wattrun';
  return deviceNames.test(part) ? `run-${part}` : part;
}
