import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the real captures lie: WATTRUN_CAPTURES, else beside the repository. They are not part of it. */
const folder = process.env.WATTRUN_CAPTURES ?? join(import.meta.dirname, '../../shared/data');

export const areCapturesMissing = !existsSync(folder);

/** The title of tests that need captures; where there are none it says so, and the tests are skipped. */
export const captured = (title: string): string =>
  areCapturesMissing ? `${title} (skipped: no captures; set WATTRUN_CAPTURES to their folder)` : title;

/** Text of `path` below the captures' folder. */
export const readCapture = (path: string): string => readFileSync(join(folder, path), 'utf8');

/** Names of the captures in a folder that match; none where the captures are missing. */
export const listCaptures = (path: string, names: RegExp): readonly string[] =>
  areCapturesMissing ? [] : readdirSync(join(folder, path)).filter((name) => names.test(name));
