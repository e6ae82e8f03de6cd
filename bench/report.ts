/** One line of a bench's table: what was measured, and its cells by column. */
export interface Row {
  readonly what: string;
  readonly cells: readonly string[];
}

export interface Report {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** What the numbers are not, and how they were taken. */
  readonly notes: readonly string[];
}

/** Markdown, as the README takes it. */
export function renderReport({ title, columns, rows, notes }: Report): string {
  const lines = rows.map(({ what, cells }) => `| ${[what, ...cells].join(' | ')} |`);
  return [
    `## ${title}`,
    '',
    `| ${['', ...columns].join(' | ')} |`,
    `| --- |${columns.map(() => ' ---: |').join('')}`,
    ...lines,
    '',
    ...notes.map((note) => `- ${note}`),
    '',
  ].join('\n');
}

export const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
