import { boampsExport } from './boamps.ts';
import { codecarbonCsvExport } from './codecarbon-csv.ts';
import { csvExport } from './csv.ts';
import type { ExportDefinition } from './export-format.ts';
import { htmlExport } from './html.ts';
import { jsonExport } from './json.ts';
import { latexExport } from './latex.ts';
import { markdownExport } from './markdown.ts';
import { modelCardExport } from './model-card.ts';
import { openMetricsExport } from './openmetrics.ts';
import { parquetExport } from './parquet.ts';
import { pdfExport } from './pdf.ts';
import { timeSeriesCsvExport } from './timeseries-csv.ts';

/** Every export format; a new one is a file and a line here. */
export const exportDefinitions: readonly ExportDefinition[] = [
  csvExport,
  timeSeriesCsvExport,
  jsonExport,
  htmlExport,
  pdfExport,
  markdownExport,
  latexExport,
  modelCardExport,
  codecarbonCsvExport,
  boampsExport,
  openMetricsExport,
  parquetExport,
];
