import { z } from 'zod';
import type { LearnedFacts } from '../../sources/source.ts';

const askedSchema = z.object({
  /** When it was asked last, however it ended. */
  lastMs: z.number(),
  /** Not to be asked again before. */
  notBeforeMs: z.number(),
  failures: z.number().int(),
  /** Whoever asked was gone before an answer came. */
  isUnanswered: z.literal(true).optional(),
});
export type Asked = z.infer<typeof askedSchema>;
const bookSchema = z.record(z.string(), askedSchema);
const key = 'grid.asked';

export interface AskedBook {
  read(series: string): Asked | null;
  /** `isKept`: beyond this engine's life. */
  write(series: string, asked: Asked, isKept: boolean): void;
  forget(series: string): void;
}

/** When each series was asked, kept with the record: engines that come and go with every wrapped command must not ask anew each time. */
export function createAskedBook(learned: LearnedFacts): AskedBook {
  const stored = (): z.infer<typeof bookSchema> => bookSchema.safeParse(learned.read(key)).data ?? {};
  // What a full disk keeps from being written still counts here.
  const here = new Map<string, Asked | null>();
  return {
    read(series) {
      const known = here.get(series);
      if (known !== undefined) return known;
      const kept = stored()[series] ?? null;
      here.set(series, kept);
      return kept;
    },
    write(series, asked, isKept) {
      here.set(series, asked);
      if (isKept) learned.write(key, { ...stored(), [series]: asked });
    },
    forget(series) {
      here.set(series, null);
      const { [series]: _gone, ...others } = stored();
      learned.write(key, others);
    },
  };
}

const mostHeededMs = 24 * 3600 * 1000;
const longestWaitMs = 6 * 3600 * 1000;

/** How long after a period's beginning its value is there, at most a tenth of it. */
const settleMs = 90_000;

/**
 * One question a data period at most: after an answer soon after the next period begins, so that its value counts from early on. After failures a whole
 * period, then twice as long each time, up to six hours; never before the server wants it.
 */
export function nextAsk(input: {
  readonly nowMs: number;
  readonly periodMs: number;
  readonly failures: number;
  readonly retryAfterMs: number | null;
}): number {
  const { nowMs, periodMs, failures, retryAfterMs } = input;
  const heededMs = Math.min(retryAfterMs ?? 0, mostHeededMs);
  const nextPeriodMs = (Math.floor(nowMs / periodMs) + 1) * periodMs + Math.min(settleMs, periodMs / 10);
  if (failures === 0) return Math.max(nextPeriodMs, nowMs + heededMs);
  const backOffMs = Math.min(periodMs * 2 ** Math.max(0, failures - 1), Math.max(periodMs, longestWaitMs));
  return nowMs + Math.max(backOffMs, heededMs);
}
