// What this machine has and lacks for the tests, as JSON on stdout; runs in the project's own Node, which reads TypeScript.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const has = (/** @type {string} */ command) =>
  spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;

async function browserSentence() {
  const { findChromium } = await import('../tests/browser/chromium.ts');
  return findChromium().then(
    ({ description }) => description,
    (/** @type {unknown} */ error) => `none: ${error instanceof Error ? error.message : String(error)}`,
  );
}

async function appSentence() {
  const { findElectronHost } = await import('../tests/standin/launch.ts');
  try {
    return findElectronHost().kind === 'electron'
      ? 'in Electron'
      : "Electron's binary is not installed: the built app ran in the stand-in for it (tests/standin/README.md says what that shows)";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const lacks = [
  ['a C compiler', ['cc', 'gcc', 'clang'].some(has)],
  ['python3', has('python3')],
  ['root, to become another user', process.getuid?.() === 0],
  ['captures of real machines (../shared/data)', existsSync(join(import.meta.dirname, '../../shared/data'))],
  ['Linux', process.platform === 'linux'],
]
  .filter(([, isThere]) => isThere === false)
  .map(([name]) => name);

process.stdout.write(
  JSON.stringify({ node: process.version, browser: await browserSentence(), app: await appSentence(), lacks }),
);
