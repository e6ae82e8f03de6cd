import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readBuildNeed } from '../scripts/start-build.mjs';

const root = join(import.meta.dirname, '..');

/** Before tests that start what users start: builds it where it is missing or older than its sources. */
export default function buildWhatIsStale(): void {
  if (readBuildNeed(root) === 'none') return;
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit' });
}
