import type { EngineWords } from '../../shared/words/engine-text.ts';

/** Fields of the contract that hold an English text of the engine's own; names, commands and notes of users stand under others. */
const texts = new Set([
  'label',
  'scopeLabel',
  'rule',
  'ruleName',
  'measures',
  'how',
  'reason',
  'note',
  'effect',
  'message',
  'lineProblem',
  'cannotBeSplit',
]);
/** What people wrote, and what is exported: left as it is. */
const leftAlone = new Set(['marks', 'tags', 'command', 'params', 'settings', 'metrics', 'series', 'columns']);

type Fields = Readonly<Record<string, unknown>>;

/** An answer of the engine with its own texts in another language. Gives the same object where nothing in it changes. */
export function localise<T>(value: T, words: EngineWords): T {
  return walk(value, words) as T;
}

/** The answer to a request in another language; what is exported is the same in every one. */
export const answerIn = <T>(request: string, answer: T, words: EngineWords): T =>
  request.startsWith('exports.next') ? answer : localise(answer, words);

function walk(value: unknown, words: EngineWords): unknown {
  if (Array.isArray(value)) {
    if (typeof value[0] !== 'object' || value[0] === null) return value;
    const next = value.map((entry) => walk(entry, words));
    return next.some((entry, index) => entry !== value[index]) ? next : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Fields;
  const changed: [string, unknown][] = [];
  for (const [key, old] of Object.entries(fields)) {
    const next = fieldOf(key, old, fields, words);
    if (next !== old) changed.push([key, next]);
  }
  return changed.length === 0 ? value : { ...fields, ...Object.fromEntries(changed) };
}

function fieldOf(key: string, old: unknown, owner: Fields, words: EngineWords): unknown {
  if (leftAlone.has(key)) return old;
  if (typeof old !== 'string') return walk(old, words);
  if (key === 'regionName' && typeof owner.region === 'string') return words.region(owner.region, old);
  // What memory is called, where nobody knows its modules: '24 GiB memory'.
  if (key === 'name') return owner.kind === 'dram' ? words.text(old) : old;
  if (!texts.has(key)) return old;
  return (key === 'label' || key === 'measures' ? describedBy(key, owner, words) : null) ?? words.text(old);
}

/** By what the object is: a source. Rules and export formats are told by their own pages, by their kinds. */
function describedBy(key: string, owner: Fields, words: EngineWords): string | null {
  if (typeof owner.measures === 'string' && typeof owner.id === 'string')
    return owner.id === 'simulated' ? null : words.lookup(`source.${owner.id}.${key}`);
  return null;
}
