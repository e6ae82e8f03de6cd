import { WattrunError } from '../../shared/contract/errors.ts';
import type { ExportDefinition, ExportPiece } from './export-format.ts';
import { htmlExport } from './html.ts';

export const chromiumHint =
  'Install Chromium or Chrome, or say where one is with WATTRUN_CHROMIUM=/path; the desktop app needs none. Or export html and print it.';

/** The HTML report, printed. */
export const pdfExport: ExportDefinition = {
  format: {
    id: 'pdf',
    label: 'PDF report',
    extension: 'pdf',
    mimeType: 'application/pdf',
    isBinary: true,
    hasProjectReport: true,
  },
  isPrinted: true,
  async *render(runs, scene) {
    const { print } = scene;
    if (print === null)
      throw new WattrunError('exports/no-printer', 'There is no Chromium here to print a PDF with.', chromiumHint);
    yield* print(htmlExport.render(runs, scene) as Iterable<ExportPiece & string>);
  },
};
