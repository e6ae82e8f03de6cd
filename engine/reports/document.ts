/** A report as paragraphs and tables, before it is Markdown, LaTeX or HTML. Text is as it came: whoever writes it escapes it. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
      /** Columns of numbers, by their place. */
      readonly right: readonly number[];
    }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'bars'; readonly caption: string; readonly bars: readonly Bar[] }
  | { readonly kind: 'power'; readonly caption: string; readonly line: PowerLine };

export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly text: string;
}

/** Power over a run: buckets of equal length from its start; null where nothing was read. */
export interface PowerLine {
  readonly seconds: number;
  readonly mean: readonly (number | null)[];
  readonly max: readonly (number | null)[];
}

export interface Section {
  readonly title: string;
  /** 1: a run or the project; 2: a part of it. */
  readonly level: 1 | 2;
  readonly blocks: readonly Block[];
}

/** Writes a document's parts in one language. */
export interface DocumentWriter {
  begin(title: string): string;
  section(section: Section): string;
  end(): string;
}
