import { formatNumber, missing, narrowSpace } from './number-text.ts';
import type { FormatOptions } from './quantity.ts';

const secondsPer = { minute: 60, hour: 60 * 60, day: 24 * 60 * 60 } as const;
const secondsUntil = 120;

/** The units' words where a language has its own in tables and beside a figure; else the SI's signs. */
const unitWords: Readonly<Record<string, Readonly<Record<'s' | 'min' | 'h' | 'd', string>>>> = {
  zh: { s: '秒', min: '分', h: '小时', d: '天' },
};
type Unit = 's' | 'min' | 'm' | 'h' | 'd';
const unitWord = (unit: Unit, locale: string): string =>
  unitWords[locale.split('-')[0] ?? '']?.[unit === 'm' ? 'min' : unit] ?? unit;

export interface DurationOptions extends FormatOptions {
  /** `m` in place of `min`, two digits after an hour: for tables. */
  readonly isTight?: boolean;
}

/** '0.4 s', '75 s', '52 min', '3 h 41 min', '2 d 4 h'; the smaller part is cut off, never rounded up. */
export function formatDuration(durationSeconds: number | null, options: DurationOptions): string {
  if (durationSeconds === null) return missing;
  const seconds = Math.max(0, durationSeconds);
  const whole = (value: number): string => formatNumber(Math.floor(value), 0, options.locale);
  const part = (value: string, unit: Unit): string => `${value}${narrowSpace}${unitWord(unit, options.locale)}`;
  const minuteWord = options.isTight === true ? 'm' : 'min';
  if (seconds < 1) return part(formatNumber(seconds, seconds === 0 ? 0 : 1, options.locale), 's');
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

/** As formatDuration, with the seconds below an hour: '2 min 12 s', for how long an alert lasted or a reading is missing. */
export function formatExactDuration(durationSeconds: number | null, options: FormatOptions): string {
  if (durationSeconds === null || durationSeconds < secondsUntil || durationSeconds >= secondsPer.hour)
    return formatDuration(durationSeconds, options);
  const seconds = Math.floor(durationSeconds % secondsPer.minute);
  const minutes = formatDuration(durationSeconds, options);
  return seconds === 0 ? minutes : `${minutes} ${seconds}${narrowSpace}${unitWord('s', options.locale)}`;
}
