import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { reportExample } from '../../shared/model/report-fixture.ts';
import { publishedSchemas } from './json-schema.ts';

const folder = join(import.meta.dirname, '../../docs/schema');

describe.each(Object.entries(publishedSchemas))('%s', (name, schema) => {
  it('is published as it is checked (npm run schemas writes it anew)', () => {
    expect(JSON.parse(readFileSync(join(folder, name), 'utf8'))).toEqual(schema());
  });
});

it('takes a report, one with a key of a later version too, and refuses one with a text for a number', () => {
  const schema = z.fromJSONSchema(publishedSchemas['run-report-v1.schema.json']() as z.core.JSONSchema.JSONSchema);
  const report = reportExample();
  expect(schema.safeParse(report).success).toBe(true);
  expect(schema.safeParse({ ...report, laterKey: { python: '3.13' } }).success).toBe(true);
  expect(schema.safeParse({ ...report, energy: { ...report.energy, totalJoules: '7' } }).success).toBe(false);
});
