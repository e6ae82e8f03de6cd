import { parseHeader } from './parse-query.ts';
import { parseTrouble } from './parse-trouble.ts';

/** What an output of nvidia-smi is: a form that a parser of this folder reads, or one that is refused, with the words for the user. */
export type Recognised =
  | { readonly kind: 'listing' | 'gpu-rows' | 'app-rows' | 'pmon' | 'field-help' }
  | { readonly kind: 'refused'; readonly reason: string };

/** Beginnings of the forms that are made for people. The same numbers come by the query, with more digits and a stable form. */
const forms: readonly (readonly [RegExp, Recognised])[] = [
  [/^(?:<\?xml|<!DOCTYPE nvidia_smi_log|<nvidia_smi_log)/, { kind: 'listing' }],
  [/^#\s*(?:date\s+time\s+)?gpu\s+.*\bpid\b/i, { kind: 'pmon' }],
  [/^#\s*(?:date\s+time\s+)?gpu\s/i, refused('a device monitor (dmon): whole watts, no GPU id')],
  [/^=+NVSMI LOG=+/, refused('the long listing as text (-q); its XML form (-q -x) is read')],
  [/^\+-{20,}/, refused('the table for people')],
  [/^GPU \d+: .*\(UUID: /, refused('the list of GPUs (-L)')],
  [/^List of valid properties to query/, { kind: 'field-help' }],
  [/^#{20,}/, refused('a record of several commands')],
  [/^(?:GPU|MIG)-[^,]*, \d+, /, { kind: 'app-rows' }],
];

function refused(reason: string): Recognised {
  return { kind: 'refused', reason };
}

/** Goes by the first lines that say something; a date line above the table says nothing. */
export function recogniseOutput(text: string): Recognised {
  const lines = text
    .slice(0, mostCharacters)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, mostLines);
  for (const line of lines) {
    // The forms show in a line's beginning; the whole of a hostile one would take their expressions long.
    const beginning = line.slice(0, 200);
    const form = forms.find(([pattern]) => pattern.test(beginning))?.[1];
    if (form !== undefined) return form;
    const columns = parseHeader(line);
    if (columns !== null) return { kind: columns.some(({ name }) => name === 'pid') ? 'app-rows' : 'gpu-rows' };
  }
  const trouble = parseTrouble(lines.join('\n'));
  return refused(trouble === null ? 'no output of nvidia-smi' : `${trouble.reason}: ${trouble.words}`);
}

const mostCharacters = 20_000;
const mostLines = 5;
