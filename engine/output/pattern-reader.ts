import { Script } from 'node:vm';
import { WattrunError } from '../../shared/contract/errors.ts';
import { numberOf, type OutputReader, type ReadMark, readMark } from './reader.ts';

/** For one line: a sane pattern takes microseconds. */
const matchLimitMs = 20;

/** V8 looks at the limit between two steps of a search too, so that one that would go on for ever ends. */
const search = new Script('pattern.exec(line)?.groups');
/** Kinds whose named groups are counts; all others are metrics. */
const counts = new Set(['step', 'epoch', 'samples', 'tokens']);

/** Reads lines by the user's own regular expression with named groups. Throws 'contract/invalid' where it is none, or names nothing. */
export function createPatternReader(text: string, onTooSlow: () => void): OutputReader {
  let pattern: RegExp;
  try {
    pattern = new RegExp(text);
  } catch (error) {
    throw new WattrunError(
      'contract/invalid',
      `The pattern for marks cannot be read. ${error instanceof Error ? error.message : String(error)}.`,
      'It is a regular expression of JavaScript, such as: step (?<step>\\d+).*loss (?<loss>[\\d.]+)',
    );
  }
  if (!/\(\?<[A-Za-z_]/.test(text))
    throw new WattrunError(
      'contract/invalid',
      'The pattern for marks names nothing.',
      'Put what it is to find into named groups: (?<step>\\d+), (?<epoch>\\d+), (?<loss>[\\d.]+), (?<tokens>\\d+), (?<samples>\\d+).',
    );
  const world = { pattern, line: '' };
  return {
    id: 'pattern',
    create() {
      let isTooSlow = false;
      return {
        read({ text: line, atMs }) {
          if (isTooSlow) return null;
          world.line = line;
          let groups: unknown;
          try {
            groups = search.runInNewContext(world, { timeout: matchLimitMs });
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
            isTooSlow = true;
            onTooSlow();
            return null;
          }
          return groups === undefined ? null : marksOf(groups as Readonly<Record<string, string | undefined>>, atMs);
        },
        finish: () => [],
      };
    },
  };
}

function marksOf(groups: Readonly<Record<string, string | undefined>>, atMs: number): readonly ReadMark[] {
  const step = numberOf(groups.step);
  const epoch = numberOf(groups.epoch);
  return Object.entries(groups).flatMap(([name, text]) => {
    const value = numberOf(text);
    if (value === null || (counts.has(name) && value < 0)) return [];
    return [readMark(name.slice(0, 40), value, counts.has(name) ? { atMs } : { atMs, step, epoch })];
  });
}
