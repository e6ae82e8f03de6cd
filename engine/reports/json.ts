import type { ExportDefinition } from './export-format.ts';

/**
 * Run reports as `wattrun show --json` gives them, in one array (docs/schema/run-report-v1.schema.json); of a project its report with the runs in it
 * (docs/schema/project-export-v1.schema.json).
 */
export const jsonExport: ExportDefinition = {
  format: { id: 'json', label: 'JSON', extension: 'json', mimeType: 'application/json', hasProjectReport: true },
  *render(runs, { project }) {
    const head = project === null ? '' : `{\n"project": ${JSON.stringify(project, null, 2)},\n"runs": `;
    const tail = project === null ? '' : '}\n';
    let separator = `${head}[\n`;
    for (const { report } of runs) {
      yield separator + JSON.stringify(report, null, 2);
      separator = ',\n';
    }
    yield separator === ',\n' ? `\n]\n${tail}` : `${head}[]\n${tail}`;
  },
};
