/** A line of a program's output, without what only moves a cursor or colours. */
export interface OutputLine {
  readonly text: string;
  /** Unix milliseconds at which its end was read. */
  readonly atMs: number;
}

/** What a line tells of a training: `value` is a count of what is done (step, epoch, samples, tokens), or a metric's. */
export interface ReadMark {
  readonly kind: string;
  readonly value: number;
  readonly atMs: number;
  readonly step: number | null;
  readonly epoch: number | null;
}

/** Reads one program's lines in their order. */
export interface LineReader {
  /** Null: the line is none of its. */
  read(line: OutputLine): readonly ReadMark[] | null;
  /** Is shown every line, whoever takes it. */
  watch?(line: OutputLine): readonly ReadMark[];
  /** What is known at the end of the output only. `atMs`: the end of the last line. */
  finish(atMs: number): readonly ReadMark[];
}

/** A kind of output that marks are read from. Pure: lines in, marks out. */
export interface OutputReader {
  /** A part of a mark's source: `log:ID`. */
  readonly id: string;
  create(): LineReader;
}

export const readMark = (
  kind: string,
  value: number,
  at: { readonly atMs: number; readonly step?: number | null; readonly epoch?: number | null },
): ReadMark => ({ kind, value, atMs: at.atMs, step: at.step ?? null, epoch: at.epoch ?? null });

/** A number as programs print it: '1,234', '5_000', '5e-05', '12.3k', '1.2B'; null for what is none. */
export function numberOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const match = /^([-+]?[\d,_]*\.?\d+(?:[eE][-+]?\d+)?)([kKMGTB]?)$/.exec(text.trim());
  if (match === null) return null;
  const value = Number((match[1] ?? '').replaceAll(/[,_]/g, ''));
  if (!Number.isFinite(value)) return null;
  const scale = { k: 1e3, K: 1e3, M: 1e6, G: 1e9, B: 1e9, T: 1e12 }[match[2] ?? ''] ?? 1;
  // 1.1 × 1000 is not 1100 in floating point.
  return scale === 1 ? value : Math.round(value * scale);
}
