// `npm run build`: main process, engine thread, command, preload and pages into out/.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'out');
const parts = ['main', 'preload', 'renderer'];
process.chdir(root);
process.env.NODE_ENV = 'production';

const startedMs = performance.now();
const { build } = await import('electron-vite');
await build({ root, logLevel: 'warn' });

// Each part empties its own folder; what lies beside them is of an older layout.
for (const name of readdirSync(out)) if (!parts.includes(name)) rmSync(join(out, name), { recursive: true });

/** @type {(folder: string) => readonly string[]} */
const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const sizeText = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1).padStart(9)} kB`;

let totalBytes = 0;
for (const path of parts.flatMap((part) => filesIn(join(out, part)))) {
  const { size } = statSync(path);
  totalBytes += size;
  console.log(`${sizeText(size)}  ${relative(root, path)}`);
}
console.log(`${sizeText(totalBytes)}  in all, built in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
