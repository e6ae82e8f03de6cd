import type { CliContext } from './context.ts';

/** JSON for programs, else lines for people. */
export function print(context: CliContext, isJson: boolean, value: unknown, words: () => string): number {
  if (isJson) context.out(`${JSON.stringify(value, null, 2)}\n`);
  else context.show(words());
  return 0;
}
