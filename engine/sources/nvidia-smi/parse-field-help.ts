/**
 * Names of the fields that `nvidia-smi --help-query-gpu` (or `--help-query-compute-apps`) lists, with their other names: `"clocks.current.sm" or
 * "clocks.sm"`. Empty for any other text, which says nothing of what the driver knows.
 */
export function knownFields(helpText: string): ReadonlySet<string> {
  const names = helpText.split('\n').flatMap((line) => {
    const parts = line.trim().split(' or ');
    // A sentence may begin with a quoted word: only a line of names alone is an entry.
    return parts.every((part) => quotedName.test(part)) ? parts.map((part) => part.slice(1, -1)) : [];
  });
  return new Set(names);
}

const quotedName = /^"[A-Za-z][\w.]{0,199}"$/;

/** The wanted fields that the driver knows, in their order, each once; an entry is the names of one value, best first. */
export function chooseFields(wanted: readonly (readonly string[])[], known: ReadonlySet<string>): readonly string[] {
  const chosen = wanted.flatMap((names) => names.find((name) => known.has(name)) ?? []);
  return [...new Set(chosen)];
}
