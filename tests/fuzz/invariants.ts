/** What holds for everything that a parser makes of any text. Null where it does, else what is wrong. */
export function findBreak(result: unknown, inputCharacters: number): string | null {
  // A row of one character may become an object of some fields, each with its name; no more.
  const mostValues = 1000 + 64 * inputCharacters;
  const mostCharacters = 4096 + 64 * inputCharacters;
  let values = 1;
  let characters = 0;
  const queue: { readonly path: string; readonly value: unknown }[] = [{ path: '', value: result }];
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    const { path, value } = one;
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) return `${path} is ${value}`;
      if (value < 0 && isQuantity(path)) return `${path} is ${value}, below zero`;
    } else if (typeof value === 'string') {
      characters += value.length;
      if (characters > mostCharacters) return `${characters} characters or more from ${inputCharacters}`;
    } else
      for (const [key, inside] of partsOf(value)) {
        values += 1;
        if (values > mostValues) return `more than ${mostValues} values from ${inputCharacters} characters`;
        queue.push({ path: `${path}.${key}`, value: inside });
      }
  }
  return null;
}

const isQuantity = (path: string): boolean => /(?:watts|joules|bytes|mebibytes|seconds|ratio|percent|pid)$/i.test(path);

function partsOf(value: unknown): Iterable<readonly [unknown, unknown]> {
  if (value instanceof Map) return value;
  if (value instanceof Set) return [...value].entries();
  if (Array.isArray(value)) return value.entries();
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
