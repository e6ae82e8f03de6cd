import { InvalidArgumentError } from 'commander';
import type { z } from 'zod';

/** What an option says, as the contract takes it. `words` tell people what it must be, for those of a schema are for programs. */
export const schemaArgument =
  <T>(schema: z.ZodType<T>, words: string) =>
  (text: string): T => {
    const parsed = schema.safeParse(text);
    if (!parsed.success) throw new InvalidArgumentError(words);
    return parsed.data;
  };
