import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const folder = process.env.WATTRUN_CAPTURES ?? join(import.meta.dirname, '../../shared/data');

/** Where the real captures lie: WATTRUN_CAPTURES, else beside the repository. They are not part of it: null where they are not there. */
export const capturesFolder: string | null = existsSync(folder) ? folder : null;

/** Paths of the captures below `path` whose names end so; none where there are no captures. */
export const listCaptures = (path: string, ending: string): readonly string[] =>
  capturesFolder === null
    ? []
    : readdirSync(join(capturesFolder, path))
        .filter((name) => name.endsWith(ending))
        .sort()
        .map((name) => join(folder, path, name));

/** Text of a capture by its path below the captures' folder. */
export const readCapture = (path: string): string => readFileSync(join(folder, path), 'utf8');

/** Paths of all captures, below the captures' folder and with '/'; none where there are no captures. */
export const allCaptures = (): readonly string[] =>
  capturesFolder === null
    ? []
    : readdirSync(capturesFolder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(capturesFolder ?? '', join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
        .sort();
