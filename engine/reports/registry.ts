import { csvExport } from './csv.ts';
import type { ExportDefinition } from './export-format.ts';
import { jsonExport } from './json.ts';
import { timeSeriesCsvExport } from './timeseries-csv.ts';

/** Every export format; a new one is a file and a line here. */
export const exportDefinitions: readonly ExportDefinition[] = [csvExport, timeSeriesCsvExport, jsonExport];
