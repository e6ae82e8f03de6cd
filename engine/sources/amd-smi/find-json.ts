/** Far more than the values asked for take, for any number of GPUs in one machine. */
const mostCharacters = 1024 * 1024;
/** Lines before the JSON that begin with a bracket and yet are none: log lines like '[INFO] …'. */
const mostCandidates = 20;

export type FoundJson =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * First JSON object or list in what a tool printed. Python's warnings and the preamble of watch mode may stand before it, the next sample after it.
 * Refuses text that is too long, has no JSON or has it cut short. Takes time in proportion to the text.
 */
export function findJson(text: string): FoundJson {
  if (text.length > mostCharacters) return { kind: 'refused', reason: 'its answer is longer than 1 MiB' };
  let isCut = false;
  for (const start of beginnings(text)) {
    const end = endOf(text, start);
    if (end === null) isCut = true;
    else {
      const value = parsed(text.slice(start, end));
      if (value !== undefined) return { kind: 'json', value };
    }
  }
  if (isCut) return { kind: 'refused', reason: 'its JSON is cut short' };
  const words = text.trim().split('\n', 1)[0]?.slice(0, 120) ?? '';
  return { kind: 'refused', reason: words === '' ? 'it printed nothing' : `it printed no JSON: ${words}` };
}

/** Where lines begin with a bracket. */
function beginnings(text: string): readonly number[] {
  const found: number[] = [];
  for (const match of text.matchAll(/^[ \t]*[[{]/gm)) {
    found.push(match.index + match[0].length - 1);
    if (found.length >= mostCandidates) break;
  }
  return found;
}

/** Index behind the bracket that closes the one at `start`; null where none does. */
function endOf(text: string, start: number): number | null {
  let depth = 0;
  let isString = false;
  for (let i = start; i < text.length; i++) {
    const letter = text[i];
    if (isString) {
      if (letter === '\\') i++;
      else if (letter === '"') isString = false;
    } else if (letter === '"') isString = true;
    else if (letter === '{' || letter === '[') depth++;
    else if (letter === '}' || letter === ']') {
      depth--;
      if (depth === 0) return i + 1;
    }
  }
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
