import { describe, expect, it } from 'vitest';
import {
  createTariffPrice,
  isCurrency,
  localTimeOf,
  type Tariff,
  tariffBandSchema,
  tariffPeriodSchema,
} from './tariff.ts';

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const berlin: Tariff = {
  timeZone: 'Europe/Berlin',
  bands: [
    { label: 'night', days: everyDay, fromMinute: 22 * 60, toMinute: 6 * 60, pricePerKwh: 0.2 },
    { label: 'peak', days: [1, 2, 3, 4, 5], fromMinute: 17 * 60, toMinute: 20 * 60, pricePerKwh: 0.5 },
  ],
  periods: [
    { fromDate: '2027-01-01', toDate: null, pricePerKwh: 0.4, bands: [] },
    { fromDate: null, toDate: '2025-12-31', pricePerKwh: 0.1, bands: [] },
  ],
};
const at = (iso: string) => createTariffPrice(0.3, berlin)(Date.parse(iso));

describe('a tariff', () => {
  it('has the band’s price in its local hours, else the flat one', () => {
    // Thursday 15 January 2026, Berlin is UTC+1: 16:30Z is 17:30, 19:00Z is 20:00, when the band has ended.
    expect(at('2026-01-15T16:30:00Z')).toEqual({ pricePerKwh: 0.5, label: 'peak' });
    expect(at('2026-01-15T19:00:00Z')).toEqual({ pricePerKwh: 0.3, label: '' });
    // The same hours of a Saturday.
    expect(at('2026-01-17T16:30:00Z')).toEqual({ pricePerKwh: 0.3, label: '' });
  });

  it('goes over midnight: the hours after it belong to the day before', () => {
    expect(at('2026-01-15T21:00:00Z').label).toBe('night');
    expect(at('2026-01-16T04:59:59Z').label).toBe('night');
    expect(at('2026-01-16T05:00:00Z').label).toBe('');
    const sunday: Tariff = { ...berlin, bands: [{ ...(berlin.bands[0] ?? never()), days: [7] }], periods: [] };
    const price = createTariffPrice(0.3, sunday);
    // Sunday night lasts into Monday; Saturday night is none of it.
    expect(price(Date.parse('2026-01-19T03:00:00Z')).label).toBe('night');
    expect(price(Date.parse('2026-01-18T03:00:00Z')).label).toBe('');
  });

  it('keeps to the clock through summer time', () => {
    // On 29 March 2026 Berlin goes from 02:00 to 03:00 at 01:00Z: 04:00 CEST is 02:00Z, and 06:00 CEST is 04:00Z.
    expect(at('2026-03-29T03:59:00Z').label).toBe('night');
    expect(at('2026-03-29T04:00:00Z').label).toBe('');
    // On 25 October it goes back at 01:00Z: 06:00 CET is 05:00Z again.
    expect(at('2026-10-25T04:59:00Z').label).toBe('night');
    expect(at('2026-10-25T05:00:00Z').label).toBe('');
  });

  it('has other prices between two local dates, both included', () => {
    expect(at('2025-12-31T22:59:00Z').pricePerKwh).toBe(0.1);
    // 23:00Z is midnight in Berlin: 2026, and night.
    expect(at('2025-12-31T23:00:00Z').pricePerKwh).toBe(0.2);
    expect(at('2026-12-31T23:00:00Z').pricePerKwh).toBe(0.4);
  });

  it('is refused with hours that end when they begin, and dates the wrong way round', () => {
    const band = { label: '', days: [1], fromMinute: 60, toMinute: 60, pricePerKwh: 1 };
    expect(tariffBandSchema.safeParse(band).success).toBe(false);
    expect(tariffBandSchema.safeParse({ ...band, toMinute: 1440 }).success).toBe(true);
    const period = { fromDate: '2026-02-01', toDate: '2026-01-01', pricePerKwh: 1, bands: [] };
    expect(tariffPeriodSchema.safeParse(period).success).toBe(false);
    expect(tariffPeriodSchema.safeParse({ ...period, toDate: null }).success).toBe(true);
  });
});

function never(): never {
  throw new Error('there is such a band');
}

it('knows the local day, minute and date of places far from Greenwich', () => {
  // 2026-01-15T12:00Z is Thursday 17:45 in Kathmandu and Thursday 02:00 in Honolulu.
  const unixMs = Date.parse('2026-01-15T12:00:00Z');
  expect(localTimeOf('Asia/Kathmandu')(unixMs)).toEqual({ day: 4, minute: 17 * 60 + 45, date: '2026-01-15' });
  expect(localTimeOf('Pacific/Honolulu')(unixMs)).toEqual({ day: 4, minute: 120, date: '2026-01-15' });
});

it('knows the currencies of ISO 4217', () => {
  expect(['EUR', 'CNY', 'JPY', 'UYU'].every(isCurrency)).toBe(true);
  expect(['XYZ', 'eur', ''].some(isCurrency)).toBe(false);
});
