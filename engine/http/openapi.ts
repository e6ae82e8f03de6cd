import { z } from 'zod';
import { engineContract } from '../../shared/contract/engine-contract.ts';

const schemaOf = (schema: z.ZodType): unknown => z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
const body = (schema: z.ZodType): unknown => ({ content: { 'application/json': { schema: schemaOf(schema) } } });
const answer = (description: string, schema: z.ZodType): unknown => ({
  '200': { description, ...(body(schema) as object) },
});
const runParameter = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];

/** The local HTTP interface, from the same schemas that check it. */
export function openApiDocument(version: string, url: string): unknown {
  const { requests } = engineContract;
  return {
    openapi: '3.1.0',
    info: {
      title: 'Wattrun',
      version,
      description:
        'Energy of training runs on this machine. Every request carries the token: Authorization: Bearer TOKEN.',
    },
    servers: [{ url }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
    paths: {
      '/api/v1/runs': {
        get: { summary: 'Runs, newest first', responses: answer('Runs', requests['runs.list'].result) },
        post: {
          summary: 'Start a run',
          requestBody: body(requests['runs.start'].payload.partial()),
          responses: answer('The run', requests['runs.start'].result),
        },
      },
      '/api/v1/runs/{id}': {
        get: {
          summary: "A run's report",
          parameters: runParameter,
          responses: answer('The report', requests['runs.read'].result),
        },
      },
      '/api/v1/runs/{id}/energy': {
        get: {
          summary: "A run's energy so far",
          parameters: runParameter,
          responses: answer('The energy', requests['runs.energy'].result),
        },
      },
      '/api/v1/runs/{id}/marks': {
        post: {
          summary: 'Put a mark into a run, or up to a thousand: on disk once answered',
          parameters: runParameter,
          requestBody: body(requests['runs.mark'].payload.omit({ runId: true })),
          responses: answer('Done', requests['runs.mark'].result),
        },
      },
      '/api/v1/runs/{id}/stop': {
        post: {
          summary: 'End a run',
          parameters: runParameter,
          requestBody: body(requests['runs.stop'].payload.omit({ runId: true })),
          responses: answer('The report', requests['runs.stop'].result),
        },
      },
      '/api/v1/schema/{name}': {
        get: {
          summary:
            'JSON Schemas of reports and exports: run-report-v1.schema.json, run-export-v1.schema.json, project-export-v1.schema.json',
          parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
          responses: { '200': { description: 'A JSON Schema' } },
        },
      },
      '/metrics': { get: { summary: 'OpenMetrics', responses: { '200': { description: 'Text' } } } },
      '/healthz': { get: { summary: 'Alive', responses: { '200': { description: 'Alive' } } } },
    },
  };
}
