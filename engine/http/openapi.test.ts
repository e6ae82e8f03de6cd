import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { engineContract } from '../../shared/contract/engine-contract.ts';
import { openApiDocument } from './openapi.ts';

const document = openApiDocument('1.2.3', 'http://127.0.0.1:4711/') as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly requestBody?: unknown }>>>>;
};

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document) as Record<string, unknown>);
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
  });

  it('has every route of the API, and no other', () => {
    const source = readFileSync(join(import.meta.dirname, 'engine-app.ts'), 'utf8');
    const routes = [...source.matchAll(/app\.(get|post)\('([^']+)'/g)].map(
      ([, method, path]) => `${method} ${path?.replaceAll(/:(\w+)/g, '{$1}')}`,
    );
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.toSorted()).toEqual(routes.toSorted());
  });

  it('gives examples that the engine takes', () => {
    const exampleOf = (path: string): unknown =>
      (document.paths[path]!.post!.requestBody as { content: { 'application/json': { example: unknown } } }).content[
        'application/json'
      ].example;
    const { requests } = engineContract;
    const start = { foundBy: 'api', ...(exampleOf('/api/v1/runs') as object) };
    expect(requests['runs.start'].payload.safeParse(start).success).toBe(true);
    const marks = { runId: 'x', label: '', ...(exampleOf('/api/v1/runs/{id}/marks') as object) };
    expect(requests['runs.mark'].payload.safeParse(marks).success).toBe(true);
    const stop = { runId: 'x', ...(exampleOf('/api/v1/runs/{id}/stop') as object) };
    expect(requests['runs.stop'].payload.safeParse(stop).success).toBe(true);
  });
});
