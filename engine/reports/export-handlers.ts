import type { Handlers } from '../../shared/contract/contract.ts';
import type { EngineContract, ExportFormat } from '../../shared/contract/engine-contract.ts';
import type { EngineParts } from '../engine-parts.ts';
import { findChromium } from '../printing/chromium.ts';
import { createPagePrinter } from '../printing/print-page.ts';
import type { ProjectBook } from '../projects/project-book.ts';
import { createExportBook, exportDefinition } from './export-book.ts';
import type { ExportDefinition } from './export-format.ts';
import { chromiumHint } from './pdf.ts';
import { exportRuns, reportFromStore } from './record-reports.ts';
import { exportDefinitions } from './registry.ts';

type ExportRequests = 'exports.list' | 'exports.open' | 'exports.next' | 'exports.close';

/** Every export format, and exports pulled piece by piece. */
export function createExportHandlers(
  { store, options }: Pick<EngineParts, 'store' | 'options'>,
  projects: ProjectBook,
): Pick<Handlers<EngineContract>, ExportRequests> {
  const { environment, version, clock } = options;
  const book = createExportBook();
  return {
    'exports.list': () => ({ formats: listFormats(environment) }),
    async 'exports.open'({ format, runIds, project }) {
      const definition = exportDefinition(format);
      const wanted = project ?? null;
      // Also the one word for a project that is not there.
      const report = wanted === null ? null : await projects.read(wanted);
      return book.open({
        format,
        runs: exportRuns(store, runIds, wanted),
        scene: {
          version,
          nowMs: clock.unixMs(),
          project: definition.format.hasProjectReport === true ? report : null,
          print: createPagePrinter({ environment }),
        },
        label: wanted ?? (runIds?.length === 1 ? reportFromStore(store, runIds[0] ?? '').run.name : 'wattrun-runs'),
      });
    },
    'exports.next': ({ exportId }) => book.next(exportId),
    'exports.close'({ exportId }) {
      book.close(exportId);
      return {};
    },
  };
}

/** As the contract tells them, with what this machine lacks for them. */
export function listFormats(environment: Readonly<Record<string, string | undefined>>): ExportFormat[] {
  const hasChromium = exportDefinitions.some(isPrinted) && findChromium(environment) !== null;
  return exportDefinitions.map((definition) =>
    isPrinted(definition)
      ? { ...definition.format, needs: { what: 'chromium', isThere: hasChromium, hint: chromiumHint } }
      : definition.format,
  );
}

const isPrinted = (definition: ExportDefinition): boolean => definition.isPrinted === true;
