import type { SchemaElement } from 'hyparquet';
import type { ExportDefinition, ExportRun } from './export-format.ts';

type Cell = string | number | boolean | Date | null;

interface Column {
  readonly element: SchemaElement;
  readonly value: (row: Row) => Cell;
}
interface Row {
  readonly run: ExportRun;
  readonly names: ReadonlyMap<string, string>;
  readonly sample: ReturnType<ExportRun['timeSeries']> extends Iterable<infer R> ? R : never;
}

const text = (name: string, value: Column['value'], isRequired = false): Column => ({
  element: { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: isRequired ? 'REQUIRED' : 'OPTIONAL' },
  value,
});
const number = (name: string, value: (sample: Row['sample']) => number | null): Column => ({
  element: { name, type: 'DOUBLE', repetition_type: 'OPTIONAL' },
  value: ({ sample }) => value(sample),
});

/** As `timeseries-csv` has them; times are moments in UTC to the millisecond. */
const columns: readonly Column[] = [
  text('run_id', ({ run }) => run.report.run.id, true),
  text('run_name', ({ run }) => run.report.run.name, true),
  {
    element: {
      name: 'time_utc',
      type: 'INT64',
      converted_type: 'TIMESTAMP_MILLIS',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
      repetition_type: 'REQUIRED',
    },
    value: ({ sample }) => new Date(sample.atMs),
  },
  text('domain_id', ({ sample }) => sample.domainId, true),
  text('domain_name', ({ names, sample }) => names.get(sample.domainId) ?? null),
  number('power_watts', (sample) => sample.powerWatts),
  number('energy_joules', (sample) => sample.joules),
  number('run_energy_joules', (sample) => sample.runJoules),
  number('utilization_ratio', (sample) => sample.utilizationRatio),
  number('memory_used_bytes', (sample) => sample.memoryUsedBytes),
  number('temperature_celsius', (sample) => sample.temperatureCelsius),
  number('clock_megahertz', (sample) => sample.clockMegahertz),
  text('evidence', ({ sample }) => sample.provenance),
  {
    element: { name: 'is_simulated', type: 'BOOLEAN', repetition_type: 'REQUIRED' },
    value: ({ run }) => run.report.run.isSimulated,
  },
];

/** Rows of a row group: what is held at once, and encoded without a pause. */
const groupRows = 5000;

/** The time series for pandas, DuckDB and Arrow: one row a sample, row group by row group. Source of the form: https://parquet.apache.org/docs/file-format/ */
export const parquetExport: ExportDefinition = {
  format: {
    id: 'parquet',
    label: 'Parquet, one row a sample',
    extension: 'parquet',
    mimeType: 'application/vnd.apache.parquet',
    isBinary: true,
  },
  aliases: ['timeseries-parquet'],
  async *render(runs, scene) {
    const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
    const bytes = new ByteWriter(1 << 20);
    const writer = new ParquetWriter({
      writer: bytes,
      schema: [{ name: 'root', num_children: columns.length }, ...columns.map(({ element }) => element)],
      createdBy: `wattrun ${scene.version}`,
    });
    /** What was written since the last look; the writer's own offset goes on counting. */
    const taken = (): Uint8Array => {
      const copy = bytes.getBytes().slice();
      bytes.index = 0;
      return copy;
    };
    const cells: Cell[][] = columns.map(() => []);
    const writeGroup = (): void => {
      const columnData = columns.map(({ element }, index) => ({ name: element.name, data: cells[index] ?? [] }));
      writer.write({ columnData, rowGroupSize: groupRows });
      for (const column of cells) column.length = 0;
    };
    for (const run of runs) {
      const names = new Map(run.report.energy.domains.map((domain) => [domain.id, domain.name]));
      for (const sample of run.timeSeries()) {
        const row = { run, names, sample };
        for (const [index, column] of columns.entries()) cells[index]?.push(column.value(row));
        if ((cells[0]?.length ?? 0) < groupRows) continue;
        writeGroup();
        yield taken();
      }
    }
    if ((cells[0]?.length ?? 0) > 0) writeGroup();
    writer.finish();
    yield taken();
  },
};
