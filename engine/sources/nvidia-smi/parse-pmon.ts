import { parseCell, quantityOf } from './parse-rows.ts';

/** One line of `nvidia-smi pmon`: a process on a GPU, at the percent of the GPU's time that it used since the line before. */
export interface PmonProcess {
  readonly gpuIndex: number;
  readonly pid: number;
  /** 'C', 'G', 'C+G', 'M+C' (under MPS); null where it is not told. */
  readonly type: string | null;
  /** 0 to 100; null for no sample: an idle process, MIG, Windows' own driver model. */
  readonly smPercent: number | null;
  readonly memPercent: number | null;
  /** Cut by the tool at 15 characters; it may hold blanks, which are one each here. */
  readonly command: string;
}

export type PmonLine =
  | { readonly kind: 'process'; readonly process: PmonProcess }
  /** A GPU without a process. */
  | { readonly kind: 'idle'; readonly gpuIndex: number }
  | { readonly kind: 'header' }
  /** A line that is none of these, or a row before the first header. */
  | { readonly kind: 'words'; readonly text: string };

/**
 * Reads the lines of a pmon stream, one a call. Columns differ by driver (`jpg ofa` came with 530, `-o DT` puts date and time in front), so they are
 * taken from the header, which the tool repeats every few rows.
 */
export function createPmonReader(): (line: string) => PmonLine {
  let columns: readonly string[] | null = null;
  return (line) => {
    const text = line.slice(0, mostCharacters).trim();
    if (text.startsWith('#')) {
      columns = columnsOf(text) ?? columns;
      return { kind: 'header' };
    }
    return (columns === null ? null : rowOf(text, columns)) ?? { kind: 'words', text };
  };
}

/** Every process of a whole output, in its order; the same process again for each sample. */
export function parsePmon(text: string): readonly PmonProcess[] {
  const read = createPmonReader();
  return text.split('\n').flatMap((line) => {
    const found = read(line);
    return found.kind === 'process' ? [found.process] : [];
  });
}

/** Column names of a header line; null for the second one, which has units and 'Idx' in their place. */
function columnsOf(text: string): readonly string[] | null {
  const names = text.replace(/^#\s*/, '').toLowerCase().split(/\s+/, mostColumns);
  return names.includes('gpu') && names.includes('pid') ? names : null;
}

const mostColumns = 64;
/** A line is 140 characters with a command of 15; what is longer is no line of pmon. */
const mostCharacters = 1000;

/** Columns before the command are counted from the left, those after it from the right: what lies between is the command, blanks and all. */
function rowOf(text: string, columns: readonly string[]): PmonLine | null {
  const words = text.split(/\s+/);
  const commandAt = columns.findIndex((name) => name === 'command' || name === 'name');
  const before = commandAt < 0 ? columns.length : commandAt;
  const after = commandAt < 0 ? 0 : columns.length - commandAt - 1;
  if (words.length < before + after || (commandAt < 0 && words.length > before)) return null;
  const cellOf = (name: string): string => {
    const at = columns.indexOf(name);
    if (at < 0) return '-';
    return (at < before ? words[at] : words[words.length - (columns.length - at)]) ?? '-';
  };
  const gpuIndex = wholeOf(cellOf('gpu'));
  if (gpuIndex === null) return null;
  const pid = wholeOf(cellOf('pid'));
  if (pid === null) return cellOf('pid') === '-' ? { kind: 'idle', gpuIndex } : null;
  return {
    kind: 'process',
    process: {
      gpuIndex,
      pid,
      type: /^[A-Z](?:\+[A-Z])*$/.exec(cellOf('type'))?.[0] ?? null,
      smPercent: percentOf(cellOf('sm')),
      memPercent: percentOf(cellOf('mem')),
      command: words.slice(before, words.length - after).join(' '),
    },
  };
}

function wholeOf(cell: string): number | null {
  return /^\d{1,10}$/.test(cell) ? Number(cell) : null;
}

function percentOf(cell: string): number | null {
  const percent = quantityOf(parseCell(cell));
  return percent === null || percent > 100 ? null : percent;
}
