import type { QuietHours } from '../../shared/model/alert.ts';
import type { BudgetPeriod } from './rule.ts';

/** A span of the local calendar. `toMs` is exclusive. */
export interface CalendarSpan {
  readonly key: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** The local day or month that holds a moment: 23 or 25 hours where the clocks change. */
export function calendarSpan(period: Exclude<BudgetPeriod, 'whole'>, unixMs: number): CalendarSpan {
  const date = new Date(unixMs);
  const [year, month] = [date.getFullYear(), date.getMonth()];
  const day = period === 'day' ? date.getDate() : 1;
  const to = period === 'day' ? new Date(year, month, day + 1) : new Date(year, month + 1, 1);
  const key = `${year}-${two(month + 1)}`;
  return {
    key: period === 'day' ? `${key}-${two(day)}` : key,
    fromMs: new Date(year, month, day).getTime(),
    toMs: to.getTime(),
  };
}

/** When the quiet hours that hold this moment are over; null outside them. Equal ends are the whole day. */
export function quietUntilMs(quiet: QuietHours, unixMs: number): number | null {
  if (!quiet.isOn) return null;
  const date = new Date(unixMs);
  const minute = date.getHours() * 60 + date.getMinutes();
  const { fromMinute, toMinute } = quiet;
  const isInside =
    fromMinute < toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
  if (!isInside) return null;
  const days = minute < toMinute ? 0 : 1;
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, 0, toMinute).getTime();
}
