import type { GridProviderDescriptor, gridProblemCodes, IntensityPoint } from '../../../shared/model/carbon.ts';

export type GridProblemCode = (typeof gridProblemCodes)[number];
export interface GridProblem {
  readonly code: GridProblemCode;
  readonly message: string;
}

export interface GridQuestion {
  /** '' where the provider needs none. */
  readonly zone: string;
  readonly token: string;
  /** Without a slash at its end. */
  readonly url: string;
  readonly nowMs: number;
  /** Beginning of what is not known yet. */
  readonly fromMs: number;
}

export interface GridRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What an answer says, or why it is not believed. */
export type GridReading =
  | { readonly kind: 'points'; readonly points: readonly IntensityPoint[] }
  | { readonly kind: 'problem'; readonly problem: GridProblem };

/** A source of grid data over HTTP: what to ask, and how to read what comes back. Pure: it opens nothing itself. */
export interface GridProvider {
  readonly descriptor: GridProviderDescriptor;
  /** What is wrong with a zone; null: nothing. */
  readonly checkZone: (zone: string) => string | null;
  readonly historyRequest: (question: GridQuestion) => GridRequest;
  /** A span of the past, at most `longestRangeMs` of it. */
  readonly rangeRequest: (
    question: GridQuestion,
    span: { readonly fromMs: number; readonly toMs: number },
  ) => GridRequest;
  readonly longestRangeMs: number;
  /** null: there is no forecast. */
  readonly forecastRequest: ((question: GridQuestion) => GridRequest) | null;
  /** Loads what its answers are parsed with; to be awaited before the first of them. Absent: nothing. */
  readonly prepare?: () => Promise<void>;
  readonly parseHistory: (text: string, question: GridQuestion) => GridReading;
  readonly parseForecast: (text: string, question: GridQuestion) => GridReading;
}

export const problemReading = (code: GridProblemCode, message: string): GridReading => ({
  kind: 'problem',
  problem: { code, message },
});
