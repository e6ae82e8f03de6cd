import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const outputs = [
  'out/main/main.js',
  'out/main/engine-worker.js',
  'out/main/cli.js',
  'out/preload/preload.cjs',
  'out/renderer/index.html',
];
const sources = [
  'shared',
  'engine',
  'electron',
  'cli',
  'renderer',
  'resources',
  'package.json',
  'electron.vite.config.ts',
];

/**
 * Whether what is built can be run as it is. A folder without sources (an installed package) is never stale.
 * @param {{ readonly outputTimesMs: readonly (number | null)[], readonly newestSourceMs: number | null }} found
 * @returns {'none' | 'missing' | 'stale'}
 */
export function buildNeed({ outputTimesMs, newestSourceMs }) {
  if (outputTimesMs.includes(null)) return 'missing';
  const oldestMs = Math.min(...outputTimesMs.map((timeMs) => timeMs ?? 0));
  return newestSourceMs !== null && newestSourceMs > oldestMs ? 'stale' : 'none';
}

/**
 * @param {string} root the project's folder
 * @returns {'none' | 'missing' | 'stale'}
 */
export function readBuildNeed(root) {
  const outputTimesMs = outputs.map((path) => newestMs(join(root, path)));
  const sourceTimesMs = sources.map((path) => newestMs(join(root, path)) ?? 0);
  // An installed package has neither sources nor what builds them.
  const hasSources = newestMs(join(root, 'engine')) !== null;
  return buildNeed({ outputTimesMs, newestSourceMs: hasSources ? Math.max(...sourceTimesMs) : null });
}

/**
 * When the file, or the newest file under the folder, was written; null where there is none.
 * @param {string} path
 * @returns {number | null}
 */
function newestMs(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (!found.isDirectory()) return found.mtimeMs;
  const times = readdirSync(path, { withFileTypes: true })
    .filter((entry) => !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => newestMs(join(path, entry.name)) ?? 0);
  return Math.max(0, ...times);
}
