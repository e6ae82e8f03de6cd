import { z } from 'zod';
import { projectReportSchema } from '../../shared/model/project.ts';
import { runReportSchema } from '../../shared/model/run.ts';

const titled = (schema: z.ZodType, title: string, description: string): object => ({
  ...(opened(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' })) as object),
  title,
  description,
});

/** The published JSON Schemas by file name, made of the schemas that check. They only ever gain: a reader of today's reads tomorrow's. */
export const publishedSchemas = {
  'run-report-v1.schema.json': () =>
    titled(
      runReportSchema,
      'Wattrun run report',
      'What `wattrun show RUN --json` prints, and each entry of `wattrun export --format json`.',
    ),
  'run-export-v1.schema.json': () =>
    titled(z.array(runReportSchema), 'Wattrun export', 'What `wattrun export --format json` writes.'),
  'project-export-v1.schema.json': () =>
    titled(
      z.object({ project: projectReportSchema, runs: z.array(runReportSchema) }),
      'Wattrun project report',
      'What `wattrun export --project NAME --format json` writes.',
    ),
} as const satisfies Readonly<Record<string, () => object>>;

/** A later version may have more keys anywhere. */
function opened(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(opened);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => key !== 'additionalProperties' || value !== false)
      .map(([key, value]) => [key, opened(value)]),
  );
}
