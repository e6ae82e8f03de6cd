import type { ExportDefinition } from './export-format.ts';

/** Run reports as `wattrun show --json` gives them, in one array. */
export const jsonExport: ExportDefinition = {
  format: { id: 'json', label: 'JSON', extension: 'json', mimeType: 'application/json' },
  *render(runs) {
    let separator = '[\n';
    for (const { report } of runs) {
      yield separator + JSON.stringify(report, null, 2);
      separator = ',\n';
    }
    yield separator === '[\n' ? '[]\n' : '\n]\n';
  },
};
