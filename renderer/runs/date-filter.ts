/** Days by the local calendar, 'YYYY-MM-DD', both included; or the last so many, today among them. */
export interface DateFilter {
  readonly lastDays: number | null;
  readonly from: string | null;
  readonly to: string | null;
}

export const noDates: DateFilter = { lastDays: null, from: null, to: null };

export interface DateSpan {
  readonly fromMs: number | null;
  /** The first moment after it. */
  readonly toMs: number | null;
}

/** Unix times of a filter's ends; null where it is open. A day is as long as the local clock makes it. */
export function dateSpan({ lastDays, from, to }: DateFilter, nowMs: number): DateSpan {
  if (lastDays !== null) {
    const today = new Date(nowMs);
    return {
      fromMs: new Date(today.getFullYear(), today.getMonth(), today.getDate() - lastDays + 1).getTime(),
      toMs: null,
    };
  }
  return { fromMs: dayStartMs(from, 0), toMs: dayStartMs(to, 1) };
}

/** Local midnight at which a day begins, or so many days later; null for what is no day. */
export function dayStartMs(day: string | null, daysLater: number): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? '');
  if (parts === null) return null;
  const [, year, month, date] = parts.map(Number);
  return new Date(year ?? 0, (month ?? 1) - 1, (date ?? 1) + daysLater).getTime();
}
