import { Script } from 'node:vm';
import { WattrunError } from '../../shared/contract/errors.ts';

/** Which command lines are runs even without a GPU: the user's own regular expression, tried under a time limit. */
export interface CpuRule {
  /** In the order of the lines; null where it took too long: then it is to be used no more. */
  match(lines: readonly string[]): readonly boolean[] | null;
}

/** For all lines of a machine at once: a sane pattern takes a millisecond. */
const matchLimitMs = 100;
const lineLimitCharacters = 4096;

/** V8 looks at the limit between two steps of a search too, so that one that would go on for ever ends. */
const search = new Script('lines.map((line) => pattern.test(line))');

/** Throws 'settings/invalid-pattern' for what is no regular expression. */
export function createCpuRule(text: string): CpuRule {
  let pattern: RegExp;
  try {
    pattern = new RegExp(text);
  } catch (error) {
    throw new WattrunError(
      'settings/invalid-pattern',
      `The pattern for runs without a GPU cannot be read. ${error instanceof Error ? error.message : String(error)}.`,
      'It is a regular expression of JavaScript, such as: python.*train',
    );
  }
  return {
    match(lines) {
      const cut = lines.map((line) => line.slice(0, lineLimitCharacters));
      try {
        return [...(search.runInNewContext({ lines: cut, pattern }, { timeout: matchLimitMs }) as Iterable<boolean>)];
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
        throw error;
      }
    },
  };
}

/** Refuses a pattern that cannot be read, or that takes for ever on a long line of the letters it is made of. */
export function assertPattern(text: string | null): void {
  if (text === null) return;
  const rule = createCpuRule(text);
  const letters = new Set(`a0 ${text}`.match(/[\p{L}\p{N} /._=-]/gu) ?? []);
  const lines = [...letters].map((letter) => `${letter.repeat(lineLimitCharacters - 1)}\u0001`);
  if (rule.match(lines) === null)
    throw new WattrunError(
      'settings/invalid-pattern',
      'The pattern for runs without a GPU takes too long on a long command line.',
      'Leave out repetitions inside repetitions, such as (a+)+.',
    );
}
