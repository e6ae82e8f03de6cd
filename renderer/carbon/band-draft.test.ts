import { describe, expect, it } from 'vitest';
import { tariffBandSchema } from '../../shared/model/tariff.ts';
import { bandMistake, clockOfMinute, endOfClock, minuteOfClock, newBand } from './band-draft.ts';

describe('hours of a tariff as a person enters them', () => {
  it('are minutes of the day, and midnight as an end is the day’s end', () => {
    expect(minuteOfClock('06:30')).toBe(390);
    expect([minuteOfClock('00:00'), endOfClock('00:00'), endOfClock('06:30')]).toEqual([0, 1440, 390]);
    expect([clockOfMinute(390), clockOfMinute(1440), clockOfMinute(0)]).toEqual(['06:30', '00:00', '00:00']);
    expect(['', '24:00', '6:5', 'x'].map(minuteOfClock)).toEqual([null, null, null, null]);
  });

  it('lack something without a day or without length', () => {
    const band = newBand(0.2);
    expect(bandMistake(band)).toBeNull();
    expect(tariffBandSchema.safeParse(band).success).toBe(true);
    expect(bandMistake({ ...band, days: [] })).toBe('noDays');
    expect(bandMistake({ ...band, fromMinute: 60, toMinute: 60 })).toBe('same');
  });
});
