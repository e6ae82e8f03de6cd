import type { TariffBand } from '../../shared/model/tariff.ts';

const dayMinutes = 24 * 60;

/** '06:30' of minutes; the end of the day is written as its beginning. */
export const clockOfMinute = (minute: number): string =>
  `${String(Math.floor((minute % dayMinutes) / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** Minutes of '06:30'; null where it is no time. */
export function minuteOfClock(text: string): number | null {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)/.exec(text) ?? [];
  return hour === undefined || minute === undefined ? null : Number(hour) * 60 + Number(minute);
}

/** As a person enters it: midnight as an end is that of the day's end. */
export const endOfClock = (text: string): number | null => {
  const minute = minuteOfClock(text);
  return minute === 0 ? dayMinutes : minute;
};

/** What is wrong with hours; null: nothing. */
export const bandMistake = ({ days, fromMinute, toMinute }: TariffBand): 'same' | 'noDays' | null =>
  days.length === 0 ? 'noDays' : fromMinute === toMinute || (fromMinute === 0 && toMinute === 0) ? 'same' : null;

/** A band to begin with: the night, every day, at the price there is. */
export const newBand = (pricePerKwh: number): TariffBand => ({
  label: '',
  days: [1, 2, 3, 4, 5, 6, 7],
  fromMinute: 22 * 60,
  toMinute: 6 * 60,
  pricePerKwh,
});
