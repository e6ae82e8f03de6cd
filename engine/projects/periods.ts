import type { ProjectPeriod } from '../../shared/model/project.ts';
import type { RunSummary } from '../../shared/model/run.ts';

/** How a calendar cuts time: where the period begins that a moment lies in, where the next one does, and what it is called. */
export interface Calendar {
  start(ms: number): number;
  next(startMs: number): number;
  label(startMs: number): string;
}

/** ISO 8601 weeks, from Monday's local midnight. */
export const weeks: Calendar = {
  start(ms) {
    const day = new Date(ms);
    return new Date(day.getFullYear(), day.getMonth(), day.getDate() - ((day.getDay() + 6) % 7)).getTime();
  },
  next: (startMs) => shifted(startMs, { days: 7 }),
  label(startMs) {
    // The week's year is that of its Thursday.
    const thursday = new Date(shifted(startMs, { days: 3 }));
    const firstMonday = weeks.start(new Date(thursday.getFullYear(), 0, 4).getTime());
    // Days are counted by noon, so that a change of the clock moves none.
    const number = 1 + Math.round((startMs - firstMonday) / weekMs);
    return `${thursday.getFullYear()}-W${String(number).padStart(2, '0')}`;
  },
};

const weekMs = 7 * 24 * 60 * 60 * 1000;

/** Calendar months, from the first's local midnight. */
export const months: Calendar = {
  start(ms) {
    const day = new Date(ms);
    return new Date(day.getFullYear(), day.getMonth(), 1).getTime();
  },
  next: (startMs) => shifted(startMs, { months: 1 }),
  label(startMs) {
    const day = new Date(startMs);
    return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}`;
  },
};

function shifted(
  ms: number,
  { days = 0, months: by = 0 }: { readonly days?: number; readonly months?: number },
): number {
  const at = new Date(ms);
  return new Date(at.getFullYear(), at.getMonth() + by, at.getDate() + days).getTime();
}

export interface Spread {
  readonly calendar: Calendar;
  readonly nowMs: number;
  /** Periods at most, the newest ones. */
  readonly most: number;
}

interface Sum {
  runs: number;
  joules: number;
  gramsCO2e: number;
  readonly costs: Map<string, number>;
}

/** From when to when a run was on, by its labels; a moment long at least. */
export function spanOf(run: Pick<RunSummary, 'startedAt' | 'endedAt' | 'durationSeconds'>): {
  readonly fromMs: number;
  readonly toMs: number;
} {
  const fromMs = Date.parse(run.startedAt);
  const endMs = run.endedAt === null ? fromMs + run.durationSeconds * 1000 : Date.parse(run.endedAt);
  return { fromMs, toMs: Math.max(fromMs + 1, endMs) };
}

/** Joules of a run between two moments, if it drew evenly while it was on. */
export function shareBetween(run: RunSummary, fromMs: number, toMs: number): number {
  const span = spanOf(run);
  return Math.max(0, Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs)) / (span.toMs - span.fromMs);
}

/**
 * Sums by week or month, without holes up to now, oldest first. A run that reaches over a border gives each side the part of its time: its sums over all periods are
 * its own.
 */
export function spreadOver(runs: readonly RunSummary[], { calendar, nowMs, most }: Spread): ProjectPeriod[] {
  if (runs.length === 0) return [];
  const spans = runs.map((run) => ({ run, ...spanOf(run) }));
  const lastMs = Math.max(nowMs, ...spans.map(({ toMs }) => toMs - 1));
  const starts: number[] = [];
  const firstMs = Math.min(...spans.map(({ fromMs }) => fromMs));
  for (let at = calendar.start(firstMs); at <= lastMs; at = calendar.next(at)) starts.push(at);
  const kept = starts.slice(-most);
  const sums = new Map<number, Sum>(
    kept.map((start) => [start, { runs: 0, joules: 0, gramsCO2e: 0, costs: new Map<string, number>() }]),
  );
  for (const { run, fromMs, toMs } of spans)
    for (let at = calendar.start(fromMs); at < toMs; at = calendar.next(at)) {
      const sum = sums.get(at);
      if (sum !== undefined) add(sum, run, shareBetween(run, at, calendar.next(at)));
    }
  return [...sums].map(([fromMs, { costs, ...sum }]) => ({
    fromMs,
    toMs: calendar.next(fromMs),
    label: calendar.label(fromMs),
    ...sum,
    costs: [...costs].map(([currency, amount]) => ({ currency, amount })),
  }));
}

function add(sum: Sum, run: RunSummary, share: number): void {
  sum.runs += 1;
  sum.joules += (run.totalJoules ?? 0) * share;
  sum.gramsCO2e += (run.emissions.gramsCO2e ?? 0) * share;
  const { cost } = run;
  if (cost !== null && cost.amount !== null)
    sum.costs.set(cost.currency, (sum.costs.get(cost.currency) ?? 0) + cost.amount * share);
}
