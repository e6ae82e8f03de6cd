import { randomUUID } from 'node:crypto';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { ExportDefinition, ExportRun } from './export-format.ts';
import { exportDefinitions } from './registry.ts';

export interface OpenedExport {
  readonly exportId: string;
  readonly fileName: string;
  readonly mimeType: string;
}

/** Exports under way: pulled piece by piece by whoever opened them. */
export interface ExportBook {
  open(format: string, runs: Iterable<ExportRun>, label: string): OpenedExport;
  next(exportId: string): { readonly text: string; readonly isDone: boolean };
  close(exportId: string): void;
}

const pieceCharacters = 256 * 1024;
const mostOpen = 16;

export function createExportBook(): ExportBook {
  const open = new Map<string, Iterator<string>>();
  return {
    open(format, runs, label) {
      const definition = exportDefinition(format);
      const exportId = randomUUID();
      // An export that nobody pulls any more must not stay for ever.
      for (const oldest of open.keys()) {
        if (open.size < mostOpen) break;
        open.delete(oldest);
      }
      open.set(exportId, definition.render(runs)[Symbol.iterator]());
      return {
        exportId,
        fileName: `${fileNamePart(label)}.${definition.format.extension}`,
        mimeType: definition.format.mimeType,
      };
    },
    next(exportId) {
      const pieces = open.get(exportId);
      if (pieces === undefined) throw new WattrunError('exports/not-found', 'That export is over or was closed.');
      let text = '';
      while (text.length < pieceCharacters) {
        const piece = pieces.next();
        if (piece.done === true) {
          open.delete(exportId);
          return { text, isDone: true };
        }
        text += piece.value;
      }
      return { text, isDone: false };
    },
    close(exportId) {
      open.get(exportId)?.return?.();
      open.delete(exportId);
    },
  };
}

export function exportDefinition(format: string): ExportDefinition {
  const definition = exportDefinitions.find((one) => one.format.id === format);
  if (definition !== undefined) return definition;
  throw new WattrunError(
    'exports/unknown-format',
    `There is no export format ${format}.`,
    `Formats: ${exportDefinitions.map((one) => one.format.id).join(', ')}`,
  );
}

/** A run's name as part of a file name: no separators, no control characters, nothing hidden. */
export function fileNamePart(label: string): string {
  return (
    label
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[.-]+|[.-]+$/g, '')
      .slice(0, 80) || 'wattrun'
  );
}
