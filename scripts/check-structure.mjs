// `npm run check:structure`: fails where a layer is broken, or a document links to what is not there.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findDeadLinks, findLayerBreaks } from './structure-rules.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
});
const paths = listed.split('\n').filter((path) => path !== '' && existsSync(join(root, path)));
/** @param {RegExp} names */
const filesNamed = (names) =>
  paths.filter((path) => names.test(path)).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

const sources = filesNamed(/\.(ts|tsx|mjs|js|cjs)$/);
const documents = filesNamed(/\.md$/);
const violations = [
  ...findLayerBreaks(sources),
  ...documents.flatMap((file) => findDeadLinks(file, (path) => existsSync(join(root, path)))),
];
for (const { path, line, message } of violations) console.error(`${path}:${line} ${message}`);
console.log(`structure: ${sources.length} sources and ${documents.length} documents, ${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
