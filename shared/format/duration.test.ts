import { describe, expect, it } from 'vitest';
import { formatDuration, formatElapsed, formatExactDuration } from './duration.ts';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');
const long = (seconds: number | null): string => plain(formatDuration(seconds, { locale: 'en' }));
const tight = (seconds: number): string => plain(formatDuration(seconds, { locale: 'en', isTight: true }));

describe('formatDuration', () => {
  it('names two units at most', () => {
    // 3 h 41 min 59 s = 13,319 s; 2 d 4 h = 187,200 s.
    expect([0, 0.42, 75, 119.9, 52 * 60, 13_319, 187_200].map(long)).toEqual([
      '0 s',
      '0.4 s',
      '75 s',
      '119 s',
      '52 min',
      '3 h 41 min',
      '2 d 4 h',
    ]);
  });

  it('tells tenths below 10 s, cut off, and allows for what a clock lacks of a whole one', () => {
    expect([0.04, 0.4, 1.79, 1.8, 5.9992, 6, 9.96, 12.9, 74.9992].map(long)).toEqual([
      '< 0.1 s',
      '0.4 s',
      '1.8 s',
      '1.8 s',
      '6 s',
      '6 s',
      '9.9 s',
      '12 s',
      '75 s',
    ]);
  });

  it('tells none of what counts on while one looks', () => {
    const counted = [0, 0.4, 1.8, 75].map((seconds) => plain(formatDuration(seconds, { locale: 'en', isWhole: true })));
    expect(counted).toEqual(['0 s', '0 s', '1 s', '75 s']);
    expect(plain(formatExactDuration(3.7, { locale: 'en', isWhole: true }))).toBe('3 s');
  });

  it('pads minutes in tables', () => {
    // 6 h 2 min = 21,720 s.
    expect([21_720, 52 * 60].map(tight)).toEqual(['6 h 02 m', '52 m']);
  });

  it('shows a dash where it is not known', () => {
    expect(long(null)).toBe('–');
  });
});

describe('formatExactDuration', () => {
  it('keeps the seconds below an hour', () => {
    expect([75, 132, 540, 13_319].map((seconds) => plain(formatExactDuration(seconds, { locale: 'en' })))).toEqual([
      '75 s',
      '2 min 12 s',
      '9 min',
      '3 h 41 min',
    ]);
  });
});

it('writes a time on an axis without its empty part', () => {
  const texts = [0, 0.5, 1.83, 30, 150, 600, 7200, 5400].map((seconds) =>
    plain(formatElapsed(seconds, { locale: 'en' })),
  );
  expect(texts).toEqual(['0', '0.5 s', '1.8 s', '30 s', '2 min 30 s', '10 min', '2 h', '1 h 30 min']);
});

it('names the units in Chinese as Chinese does', () => {
  // 13,260 s: 3 h 41 min; 187,200 s: 2 d 4 h; 132 s: 2 min 12 s.
  const locale = 'zh-CN';
  expect(formatDuration(75, { locale })).toBe('75\u202f秒');
  expect(formatDuration(13_260, { locale })).toBe('3\u202f小时 41\u202f分');
  expect(formatDuration(13_260, { locale, isTight: true })).toBe('3\u202f小时 41\u202f分');
  expect(formatDuration(187_200, { locale })).toBe('2\u202f天 4\u202f小时');
  expect(formatExactDuration(132, { locale })).toBe('2\u202f分 12\u202f秒');
});
