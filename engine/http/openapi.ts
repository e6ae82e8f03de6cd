import { z } from 'zod';
import { engineContract } from '../../shared/contract/engine-contract.ts';

const schemaOf = (schema: z.ZodType): unknown => z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
const body = (schema: z.ZodType, example?: unknown): Readonly<Record<string, unknown>> => ({
  content: { 'application/json': { schema: schemaOf(schema), ...(example === undefined ? {} : { example }) } },
});
const textAnswer = (description: string, type: string, schema: unknown = { type: 'string' }): unknown => ({
  '200': { description, content: { [type]: { schema } } },
});
const wireErrorSchema = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });
const wrong = (description: string, code: string, message: string): unknown => ({
  description,
  ...body(wireErrorSchema, { code, message }),
});
const noToken = wrong('The token is missing or wrong', 'host/refused', 'The token is missing or wrong.');
const refusals = {
  '401': noToken,
  '403': wrong('Another host or site', 'host/refused', 'This host name is not served here.'),
};
const invalid = { '400': wrong('Not what is asked for', 'contract/invalid', 'The body must be a JSON object.') };
const notFound = { '404': wrong('No such run', 'runs/not-found', 'There is no run x.') };
const notRunning = { '409': wrong('The run is over', 'runs/not-running', 'train is not running: it is finished.') };
const full = { '503': wrong('The disk is full: ask again', 'store/full', 'The disk is full.') };
const answer = (description: string, schema: z.ZodType, example?: unknown): Readonly<Record<string, unknown>> => ({
  '200': { description, ...body(schema, example) },
  ...refusals,
});
const runParameter = [
  {
    name: 'id',
    in: 'path',
    required: true,
    schema: { type: 'string' },
    example: 'g0690bn387',
    description: 'Id of a run',
  },
];
const startExample = { name: 'train', project: 'sft', tags: { lr: '2e-5' }, pid: 4107, job: 'slurm:4711.0' };
const marksExample = {
  marks: [
    { kind: 'step', value: 100, id: 's100', atMs: 1768478400000 },
    { kind: 'loss', value: 2.31, step: 100, id: 'l100', atMs: 1768478400000 },
    { kind: 'window-begin', label: 'eval', windowId: 'w1', id: 'w1b', atMs: 1768478401000 },
  ],
  columns: [
    {
      idPrefix: 'c1',
      firstId: 1,
      atMs: [1768478400100, 1768478400200],
      step: [101, 102],
      kinds: [
        { kind: 'step', values: [101, 102] },
        { kind: 'loss', values: [2.3, 2.29] },
      ],
    },
  ],
};

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
        get: {
          operationId: 'listRuns',
          summary: 'Runs, newest first',
          parameters: [{ name: 'project', in: 'query', schema: { type: 'string' }, example: 'sft' }],
          responses: { ...answer('Runs', requests['runs.list'].result), ...invalid },
        },
        post: {
          operationId: 'startRun',
          summary: 'Start a run, or join the running one of the same job',
          requestBody: body(requests['runs.start'].payload.partial(), startExample),
          responses: {
            ...answer('The run of the job, which was on already', requests['runs.start'].result),
            '201': { description: 'The run', ...body(requests['runs.start'].result) },
            ...invalid,
            ...full,
          },
        },
      },
      '/api/v1/runs/{id}': {
        get: {
          operationId: 'readRun',
          summary: "A run's report",
          parameters: runParameter,
          responses: { ...answer('The report', requests['runs.read'].result), ...notFound },
        },
      },
      '/api/v1/runs/{id}/energy': {
        get: {
          operationId: 'readEnergy',
          summary: "A run's energy so far",
          parameters: runParameter,
          responses: {
            ...answer('The energy', requests['runs.energy'].result, {
              joules: 2130.5,
              lowJoules: 2070.1,
              highJoules: 2190.9,
              atMs: 1768478402000,
            }),
            ...notFound,
          },
        },
      },
      '/api/v1/runs/{id}/marks': {
        post: {
          operationId: 'putMarks',
          summary:
            'Put a mark into a run, or up to a thousand, by themselves or in columns: on disk once answered. The same id again is a repeat, stored once',
          parameters: runParameter,
          requestBody: {
            required: true,
            ...body(requests['runs.mark'].payload.omit({ runId: true }), marksExample),
          },
          responses: {
            '201': {
              description: 'Done',
              ...body(requests['runs.mark'].result, { accepted: 6, repeated: 1, refused: 0 }),
            },
            ...refusals,
            ...invalid,
            ...notFound,
            ...notRunning,
            ...full,
          },
        },
      },
      '/api/v1/runs/{id}/stop': {
        post: {
          operationId: 'stopRun',
          summary: 'End a run; with a pid, that process leaves it',
          parameters: runParameter,
          requestBody: body(requests['runs.stop'].payload.omit({ runId: true }), { exitCode: 0, status: 'finished' }),
          responses: { ...answer('The report', requests['runs.stop'].result), ...invalid, ...notFound, ...notRunning },
        },
      },
      '/api/v1/openapi.json': {
        get: {
          operationId: 'describe',
          summary: 'This document',
          responses: { ...(textAnswer('OpenAPI 3.1', 'application/json', { type: 'object' }) as object), ...refusals },
        },
      },
      '/metrics': {
        get: {
          operationId: 'readMetrics',
          summary: 'OpenMetrics',
          responses: { ...(textAnswer('Text', 'application/openmetrics-text') as object), ...refusals },
        },
      },
      '/healthz': {
        get: {
          operationId: 'readHealth',
          summary: 'Alive',
          responses: {
            ...answer('Alive', z.object({ status: z.string(), pid: z.number().int(), version: z.string() }), {
              status: 'ok',
              pid: 4100,
              version: '0.1.0',
            }),
          },
        },
      },
      '/api/v1/schema/{name}': {
        get: {
          operationId: 'readSchema',
          summary:
            'JSON Schemas of reports and exports: run-report-v1.schema.json, run-export-v1.schema.json, project-export-v1.schema.json',
          parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
          responses: {
            ...(textAnswer('A JSON Schema', 'application/json', { type: 'object' }) as object),
            ...notFound,
            ...refusals,
          },
        },
      },
    },
  };
}
