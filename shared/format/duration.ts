import { formatNumber, missing, narrowSpace } from './number-text.ts';
import type { FormatOptions } from './quantity.ts';

const secondsPer = { minute: 60, hour: 60 * 60, day: 24 * 60 * 60 } as const;
const secondsUntil = 120;
const tenthsUntil = 10;
/** What a clock may lack of a whole second: 5.9992 s are 6 s. */
const clockSlackSeconds = 0.01;

/** The units' words where a language has its own in tables and beside a figure; else the SI's signs. */
const unitWords: Readonly<Record<string, Readonly<Record<'s' | 'min' | 'h' | 'd', string>>>> = {
  zh: { s: '秒', min: '分', h: '小时', d: '天' },
};
type Unit = 's' | 'min' | 'm' | 'h' | 'd';
const unitWord = (unit: Unit, locale: string): string =>
  unitWords[locale.split('-')[0] ?? '']?.[unit === 'm' ? 'min' : unit] ?? unit;

export interface ExactDurationOptions extends FormatOptions {
  /** No tenths: for what counts on while one looks. */
  readonly isWhole?: boolean;
}

export interface DurationOptions extends ExactDurationOptions {
  /** `m` in place of `min`, two digits after an hour: for tables. */
  readonly isTight?: boolean;
}

/** '0.4 s', '1.8 s', '75 s', '52 min', '3 h 41 min', '2 d 4 h': tenths below 10 s; the smaller part is cut off, never rounded up. */
export function formatDuration(durationSeconds: number | null, options: DurationOptions): string {
  if (durationSeconds === null) return missing;
  const seconds = secondsOf(durationSeconds);
  const whole = (value: number): string => formatNumber(Math.floor(value), 0, options.locale);
  const part = (value: string, unit: Unit): string => `${value}${narrowSpace}${unitWord(unit, options.locale)}`;
  const minuteWord = options.isTight === true ? 'm' : 'min';
  if (seconds < tenthsUntil && options.isWhole !== true) return part(tenthsText(seconds, options.locale), 's');
  if (seconds < secondsUntil) return part(whole(seconds), 's');
  if (seconds < secondsPer.hour) return part(whole(seconds / secondsPer.minute), minuteWord);
  if (seconds < secondsPer.day) {
    const minutes = whole((seconds % secondsPer.hour) / secondsPer.minute);
    const shown = options.isTight === true ? minutes.padStart(2, '0') : minutes;
    return `${part(whole(seconds / secondsPer.hour), 'h')} ${part(shown, minuteWord)}`;
  }
  const hours = whole((seconds % secondsPer.day) / secondsPer.hour);
  return `${part(whole(seconds / secondsPer.day), 'd')} ${part(hours, 'h')}`;
}

const secondsOf = (durationSeconds: number): number => (durationSeconds > 0 ? durationSeconds + clockSlackSeconds : 0);

/** '1.8', '6'; what is there is never written as 0: '<0.1'. */
function tenthsText(seconds: number, locale: string): string {
  const tenths = Math.floor(seconds * 10) / 10;
  if (seconds > 0 && tenths === 0) return `<${narrowSpace}${formatNumber(0.1, 1, locale)}`;
  return formatNumber(tenths, Number.isInteger(tenths) ? 0 : 1, locale);
}

/** As formatDuration, with the seconds below an hour: '2 min 12 s', for how long an alert lasted or a reading is missing. */
export function formatExactDuration(durationSeconds: number | null, options: ExactDurationOptions): string {
  const known = secondsOf(durationSeconds ?? 0);
  if (known < secondsUntil || known >= secondsPer.hour) return formatDuration(durationSeconds, options);
  const seconds = Math.floor(known % secondsPer.minute);
  const minutes = formatDuration(durationSeconds, options);
  return seconds === 0 ? minutes : `${minutes} ${seconds}${narrowSpace}${unitWord('s', options.locale)}`;
}

/** '0', '0.5 s', '30 s', '2 min 30 s', '2 h', '1 h 30 min': a time since the start, on an axis, without its empty part. */
export function formatElapsed(elapsedSeconds: number, options: FormatOptions): string {
  if (elapsedSeconds === 0) return formatNumber(0, 0, options.locale);
  const [first = '', second = ''] = formatExactDuration(elapsedSeconds, options).split(' ');
  return second === '' || /^0\D/.test(second) ? first : `${first} ${second}`;
}
