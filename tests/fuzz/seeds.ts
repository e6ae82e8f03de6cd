import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allCaptures, readCapture } from '../captures.ts';

const sources = join(import.meta.dirname, '../../engine/sources');

/** Texts of the captures whose path fits, and of the hand-written ones: these alone where there are no captures. */
export function seedsOf(pattern: RegExp, ...byHand: readonly string[]): readonly string[] {
  const captured = allCaptures()
    .filter((path) => pattern.test(path))
    .map(readCapture);
  return captured.length + byHand.length === 0 ? ['0, 1, 2\n'] : [...captured, ...byHand];
}

/** Texts of the recordings beside a source, whose names end so. */
export function recordingsOf(source: string, ending: string): readonly string[] {
  const folder = join(sources, source, 'recordings');
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}
