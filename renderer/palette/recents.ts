import { type BrowserMemory, recall, remember } from '../app/browser-memory.ts';

export const mostRecents = 8;
const memoryKey = 'wattrun.palette.recent';
/** Ids are short; anything longer was not written here. */
const longestId = 200;
const longestText = 20_000;

/** Ids of the commands used last, newest first, at most eight. Whatever else is kept under the name is taken for none. */
export function readRecents(memory?: () => BrowserMemory): readonly string[] {
  const text = recall(memoryKey, memory);
  if (text === null || text.length > longestText) return [];
  const ids = parsed(text).filter((id): id is string => typeof id === 'string' && id !== '' && id.length <= longestId);
  return [...new Set(ids)].slice(0, mostRecents);
}

/** Puts a command first; the ninth is forgotten. */
export function rememberRecent(id: string, memory?: () => BrowserMemory): void {
  const ids = [id, ...readRecents(memory).filter((other) => other !== id)].slice(0, mostRecents);
  remember(memoryKey, JSON.stringify(ids), memory);
}

function parsed(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
