import { missing, trueMinus } from './number-text.ts';
import type { FormatOptions } from './quantity.ts';

export interface MomentOptions extends FormatOptions {
  readonly nowMs: number;
  /** IANA name; the machine's own where absent. */
  readonly timeZone?: string | undefined;
}

export interface ClockOptions extends FormatOptions {
  readonly timeZone?: string | undefined;
  readonly hasSeconds?: boolean;
}

/** '10:50' or '10:50:07', always 24 hours. */
export function formatClock(timestampMs: number | null, options: ClockOptions): string {
  if (timestampMs === null) return missing;
  return dateFormat(options.locale, {
    hour: '2-digit',
    minute: '2-digit',
    ...(options.hasSeconds === true ? { second: '2-digit' as const } : {}),
    hourCycle: 'h23',
    timeZone: options.timeZone,
  }).format(timestampMs);
}

/** '22 Nov', with the year where it is another one. */
export function formatDay(timestampMs: number | null, options: MomentOptions): string {
  if (timestampMs === null) return missing;
  const isThisYear = dayKey(timestampMs, options).slice(0, 4) === dayKey(options.nowMs, options).slice(0, 4);
  return dayText(timestampMs, { ...options, hasYear: !isThisYear });
}

function dayText(timestampMs: number, options: ClockOptions & { readonly hasYear: boolean }): string {
  const format = dateFormat(options.locale, {
    day: 'numeric',
    month: 'short',
    ...(options.hasYear ? { year: 'numeric' as const } : {}),
    timeZone: options.timeZone,
  });
  if (!options.locale.startsWith('en')) return format.format(timestampMs);
  const parts = new Map(format.formatToParts(timestampMs).map((part) => [part.type, part.value]));
  return [parts.get('day'), parts.get('month'), parts.get('year')].filter((part) => part !== undefined).join(' ');
}

/** 'Today 10:50', '22 Nov 23:07'. */
export function formatMoment(timestampMs: number | null, options: MomentOptions): string {
  if (timestampMs === null) return missing;
  const isToday = dayKey(timestampMs, options) === dayKey(options.nowMs, options);
  const day = isToday ? todayWord(options.locale) : formatDay(timestampMs, options);
  return `${day} ${formatClock(timestampMs, options)}`;
}

/** '29 Nov 2026 13:05 UTC+1': says the same to whoever reads it elsewhere and years later. */
export function formatFullMoment(timestampMs: number | null, options: ClockOptions): string {
  if (timestampMs === null) return missing;
  const day = dayText(timestampMs, { ...options, hasYear: true });
  return `${day} ${formatClock(timestampMs, options)} ${formatZone(timestampMs, options)}`;
}

/** 'UTC+1', 'UTC−3:30': how far the clock was from UTC at that moment. */
export function formatZone(timestampMs: number, { locale, timeZone }: ClockOptions): string {
  const parts = dateFormat(locale, { timeZoneName: 'shortOffset', timeZone }).formatToParts(timestampMs);
  const zone = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return zone
    .replace('GMT', 'UTC')
    .replace(/[+-]0$/, '')
    .replace('-', trueMinus);
}

/** Whether both moments are of one day. */
export const isSameDay = (oneMs: number, otherMs: number, options: Pick<ClockOptions, 'timeZone'> = {}): boolean =>
  dayKey(oneMs, options) === dayKey(otherMs, options);

/** The clock alone today, the day and clock before: '14:30:58', '22 Nov 20:31'. */
export function formatLogMoment(timestampMs: number | null, options: MomentOptions): string {
  if (timestampMs === null) return missing;
  const isToday = dayKey(timestampMs, options) === dayKey(options.nowMs, options);
  return isToday ? formatClock(timestampMs, { ...options, hasSeconds: true }) : formatMoment(timestampMs, options);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs more than using it a hundred times, and a table of runs asks for hundreds. */
function dateFormat(locale: string, parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(parts);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, parts);
  formats.set(key, format);
  return format;
}

/** Equal for moments of one day, its year first. The machine's own zone needs no format: a table asks for the day of each of its rows. */
function dayKey(timestampMs: number, options: Pick<ClockOptions, 'timeZone'>): string {
  if (options.timeZone === undefined) {
    const at = new Date(timestampMs);
    return `${at.getFullYear()}-${at.getMonth() + 1}-${at.getDate()}`;
  }
  return dateFormat('en-CA', { timeZone: options.timeZone, dateStyle: 'short' }).format(timestampMs);
}

const todayWords = new Map<string, string>();

function todayWord(locale: string): string {
  const known = todayWords.get(locale);
  if (known !== undefined) return known;
  const word = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'day');
  const capital = word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);
  todayWords.set(locale, capital);
  return capital;
}
