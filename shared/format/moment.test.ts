import { describe, expect, it } from 'vitest';
import { formatClock, formatDay, formatFullMoment, formatLogMoment, formatMoment, isSameDay } from './moment.ts';

const nowMs = Date.UTC(2025, 10, 23, 14, 31, 23);
const options = { locale: 'en', nowMs, timeZone: 'UTC' };

describe('formatMoment', () => {
  it('says today, else the day', () => {
    expect(formatMoment(Date.UTC(2025, 10, 23, 10, 50), options)).toBe('Today 10:50');
    expect(formatMoment(Date.UTC(2025, 10, 22, 23, 7), options)).toBe('22 Nov 23:07');
  });

  it('names the year where it is another one', () => {
    expect(formatMoment(Date.UTC(2024, 8, 1, 0, 5), options)).toBe('1 Sep 2024 00:05');
  });

  it('follows the time zone, not UTC', () => {
    // 23:30 UTC on the 22nd is 00:30 on the 23rd in Berlin.
    expect(formatMoment(Date.UTC(2025, 10, 22, 23, 30), { ...options, timeZone: 'Europe/Berlin' })).toBe('Today 00:30');
  });

  it('is a dash for a moment that never came', () => {
    expect(formatMoment(null, options)).toBe('–');
  });
});

describe('formatLogMoment', () => {
  it('is the exact clock today', () => {
    expect(formatLogMoment(Date.UTC(2025, 10, 23, 14, 30, 58), options)).toBe('14:30:58');
    expect(formatLogMoment(Date.UTC(2025, 10, 22, 20, 31), options)).toBe('22 Nov 20:31');
  });
});

describe('formatFullMoment', () => {
  // In summer Berlin is two hours ahead of UTC, in winter one; Newfoundland is three and a half behind in winter.
  it.each([
    ['en', 'Europe/Berlin', Date.UTC(2026, 6, 1, 9, 5), '1 Jul 2026 11:05 UTC+2'],
    ['en', 'Europe/Berlin', Date.UTC(2026, 11, 31, 23, 30), '1 Jan 2027 00:30 UTC+1'],
    ['en-US', 'America/St_Johns', Date.UTC(2026, 10, 29, 12), '29 Nov 2026 08:30 UTC−3:30'],
    ['en', 'UTC', Date.UTC(2026, 10, 29, 12), '29 Nov 2026 12:00 UTC'],
    ['zh-CN', 'Asia/Shanghai', Date.UTC(2026, 10, 29, 12), '2026年11月29日 20:00 UTC+8'],
  ])('names year and zone in %s for %s', (locale, timeZone, atMs, text) => {
    expect(formatFullMoment(atMs, { locale, timeZone })).toBe(text);
  });
});

it('a day ends at midnight of its zone', () => {
  const [before, after] = [Date.UTC(2026, 10, 22, 22, 59), Date.UTC(2026, 10, 22, 23, 1)];
  expect(isSameDay(before, after, { timeZone: 'UTC' })).toBe(true);
  expect(isSameDay(before, after, { timeZone: 'Europe/Berlin' })).toBe(false);
});

describe('formatDay and formatClock', () => {
  it('speak the language', () => {
    expect(formatDay(Date.UTC(2025, 10, 22), { ...options, locale: 'zh' })).toBe('11月22日');
    expect(formatClock(Date.UTC(2025, 10, 22, 0, 5), { locale: 'en', timeZone: 'UTC' })).toBe('00:05');
  });
});
