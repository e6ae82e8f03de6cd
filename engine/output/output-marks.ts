import type { MarkInput } from '../../shared/model/progress.ts';
import { createRunningCount, type RunningCount } from '../progress/running-count.ts';
import { createOutputLines, type OutputLines } from './output-lines.ts';
import type { LineReader, OutputLine, OutputReader, ReadMark } from './reader.ts';

export interface OutputMarksOptions {
  readonly readers: readonly OutputReader[];
  readonly onMark: (mark: MarkInput) => void;
}

/** Marks from what a program prints. */
export interface OutputMarks {
  /** A stream of its own: what is printed to stdout is no part of a line on stderr. */
  stream(): OutputLines;
  /** When all streams have ended. */
  finish(atMs: number): void;
}

/** How launchers mark the lines of a rank: torchrun, srun -l, mpirun --tag-output, Ray. */
const rankPrefixes = [
  /^\[(?:rank|default|worker)\s?(\d+)\]:?\s*/i,
  /^(?:rank|worker)[ _=]?(\d+)\s*[:|\]]\s*/i,
  /^\[\d+,(\d+)\]<std(?:out|err)>:\s*/,
  /^\([\w.]+ (?:pid|rank)=(\d+)[^)]{0,80}\)\s*/,
  /^(\d{1,4}): (?=\S)/,
] as const;
const mostRanks = 64;

interface RankReader {
  readonly id: string;
  readonly reader: LineReader;
  /** Its counts, which may begin anew: every epoch, or with another training. */
  readonly totals: (mark: ReadMark) => ReadMark | null;
}

interface Rank {
  readonly readers: readonly RankReader[];
}

export function createOutputMarks({ readers, onMark }: OutputMarksOptions): OutputMarks {
  const ranks = new Map<string, Rank>();
  const gate = createGate(onMark);

  /** Each rank is read by itself. */
  function rankOf(key: string): Rank | null {
    const known = ranks.get(key);
    if (known !== undefined || ranks.size >= mostRanks) return known ?? null;
    const rank = {
      readers: readers.map(({ id, create }) => ({ id, reader: create(), totals: createTotals(key === '') })),
    };
    ranks.set(key, rank);
    return rank;
  }

  function read({ text, atMs }: OutputLine): void {
    const { key, rest } = withoutRank(text);
    const line = { text: rest, atMs };
    let isTaken = false;
    for (const from of rankOf(key)?.readers ?? []) {
      tell(from.reader.watch?.(line) ?? [], from);
      if (isTaken) continue;
      const marks = from.reader.read(line);
      isTaken = marks !== null;
      tell(marks ?? [], from);
    }
  }

  function tell(marks: readonly ReadMark[], { id, totals }: RankReader): void {
    for (const mark of marks) {
      const total = totals(mark);
      if (total !== null) gate.add(total, id);
    }
  }

  return {
    stream: () => createOutputLines(read),
    finish(atMs) {
      for (const { readers: those } of ranks.values()) for (const from of those) tell(from.reader.finish(atMs), from);
      gate.flush();
    },
  };
}

function withoutRank(text: string): { readonly key: string; readonly rest: string } {
  const line = text.trimStart();
  for (const [i, prefix] of rankPrefixes.entries()) {
    const match = prefix.exec(line);
    if (match !== null) return { key: `${i}:${match[1]}`, rest: line.slice(match[0].length) };
  }
  return { key: '', rest: text };
}

/** Marks of one reader of one rank, with what was counted in all; null for one that says nothing new. */
function createTotals(isShared: boolean): (mark: ReadMark) => ReadMark | null {
  const counts = new Map<string, RunningCount>();
  return (mark) => {
    const { kind, value, epoch } = mark;
    const step = mark.step === null ? null : (counts.get('step')?.totalOf(mark.step) ?? mark.step);
    if (!counted.has(kind)) return { ...mark, step };
    if (countOrNull(value) === null) return null;
    const count = counts.get(kind) ?? createRunningCount({ isShared, isSlow: kind === 'epoch' });
    counts.set(kind, count);
    const total = count.take(value, kind === 'epoch' ? {} : { epoch });
    return total === null ? null : { ...mark, value: total, step };
  };
}

/** Of what is counted quickly, one mark in this time is enough: sensors tell no finer. */
const leastApartMs = 500;
/** And after hours one in this share of the time so far: a day has ten thousand, a month not many more. */
const apartRatio = 1 / 2000;
const counted = new Set(['step', 'epoch', 'samples', 'tokens']);

/** Whole numbers are exact up to here, and nothing that is counted comes near. */
const mostCount = Number.MAX_SAFE_INTEGER;
const countOrNull = (count: number | null): number | null =>
  count !== null && count >= 0 && count <= mostCount ? count : null;

interface Told {
  value: number;
  atMs: number;
  held: MarkInput | null;
}

/** Of all ranks the one that is ahead counts. Thins out what comes quickly; the last of each is always told. */
function createGate(onMark: (mark: MarkInput) => void): { add(mark: ReadMark, id: string): void; flush(): void } {
  const told = new Map<string, Told>();
  let firstMs: number | null = null;

  function tell(entry: Told, mark: MarkInput): void {
    entry.held = null;
    entry.atMs = mark.atMs ?? entry.atMs;
    onMark(mark);
  }

  function flush(): void {
    for (const entry of told.values()) if (entry.held !== null) tell(entry, entry.held);
  }

  return {
    flush,
    add({ kind, value, atMs, step, epoch }, id) {
      if (!Number.isFinite(value)) return;
      firstMs ??= atMs;
      const key = `${id}/${kind}`;
      const entry = told.get(key) ?? { value: Number.NEGATIVE_INFINITY, atMs: Number.NEGATIVE_INFINITY, held: null };
      told.set(key, entry);
      if (counted.has(kind)) {
        if (value <= entry.value) return;
        entry.value = value;
      }
      const mark: MarkInput = {
        kind,
        label: '',
        value,
        atMs,
        step: countOrNull(step),
        epoch: countOrNull(epoch),
        source: `log:${id}`,
      };
      if (kind === 'epoch') {
        flush();
        tell(entry, mark);
      } else if (atMs - entry.atMs >= Math.max(leastApartMs, (atMs - firstMs) * apartRatio) || value === 0)
        tell(entry, mark);
      else entry.held = mark;
    },
  };
}
