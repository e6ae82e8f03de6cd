import type { CliContext } from './context.ts';

/** JSON for programs, else words for people. */
export function print(context: CliContext, isJson: boolean, value: unknown, words: () => string): number {
  context.out(`${isJson ? JSON.stringify(value, null, 2) : words()}\n`);
  return 0;
}
