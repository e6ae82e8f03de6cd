// `npm run schemas`: docs/schema/ from the schemas that check. Run it whenever the run report gains a key.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedSchemas } from '../engine/reports/json-schema.ts';

const folder = join(import.meta.dirname, '../docs/schema');
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries(publishedSchemas)) {
  writeFileSync(join(folder, name), `${JSON.stringify(schema(), null, 2)}\n`);
  console.log(`docs/schema/${name}`);
}
