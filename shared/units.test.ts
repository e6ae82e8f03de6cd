import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  bytesFromKibibytes,
  bytesFromMebibytes,
  gibibytesFromBytes,
  isoFromUnixMs,
  joulesFromKwh,
  joulesFromMicrojoules,
  joulesFromMillijoules,
  joulesFromPicowattHours,
  joulesFromWattHours,
  joulesPerHour,
  kwhFromJoules,
  meanWatts,
  msFromSeconds,
  percentFromRatio,
  ratioFromPercent,
  secondsFromMs,
  secondsFromNanoseconds,
  wattHoursFromJoules,
  wattsFromKilowatts,
  wattsFromMicrowatts,
  wattsFromMilliwatts,
} from './units.ts';

const examples: readonly (readonly [(value: number) => number, number, number])[] = [
  // 1 kWh is 1000 W for 3600 s.
  [kwhFromJoules, 3_600_000, 1],
  [joulesFromKwh, 2, 7_200_000],
  // 1 Wh is 1 W for 3600 s.
  [wattHoursFromJoules, 1800, 0.5],
  [joulesFromWattHours, 0.5, 1800],
  // 1 pWh is 1e-12 Wh, so 3.6e-9 J.
  [joulesFromPicowattHours, 1e12, 3600],
  [wattsFromKilowatts, 0.25, 250],
  [secondsFromNanoseconds, 1_500_000_000, 1.5],
  [joulesFromMillijoules, 1500, 1.5],
  [joulesFromMicrojoules, 262_143_328_850, 262_143.328_85],
  [wattsFromMilliwatts, 98_140, 98.14],
  [wattsFromMicrowatts, 125_000_000, 125],
  [ratioFromPercent, 45, 0.45],
  [percentFromRatio, 0.25, 25],
  [bytesFromMebibytes, 1, 1_048_576],
  [bytesFromKibibytes, 2, 2048],
  [gibibytesFromBytes, 1_073_741_824, 1],
  [secondsFromMs, 250, 0.25],
  [msFromSeconds, 1.5, 1500],
];

it.each(examples.map(([convert, from, to]) => ({ name: convert.name, convert, from, to })))(
  '$name of $from is $to',
  ({ convert, from, to }) => expect(convert(from)).toBeCloseTo(to, 9),
);

it('gives mean power, and none over an empty span', () => {
  // 1500 J over 10 s.
  expect(meanWatts(1500, 10)).toBe(150);
  expect(meanWatts(1500, 0)).toBeNull();
  expect(meanWatts(1500, -1)).toBeNull();
});

it('gives energy an hour, and none over an empty span', () => {
  // 1500 J in 10 s: 150 W, 540,000 J an hour.
  expect(joulesPerHour(1500, 10)).toBe(540_000);
  expect(joulesPerHour(1500, 0)).toBeNull();
});

it('writes times as ISO 8601 in UTC with milliseconds', () =>
  // 86 400 s after the epoch, and 5 ms.
  expect(isoFromUnixMs(86_400_005)).toBe('1970-01-02T00:00:00.005Z'));

it('turns joules into kWh and back', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e15, noNaN: true }), (joules) => {
      expect(Math.abs(joulesFromKwh(kwhFromJoules(joules)) - joules)).toBeLessThanOrEqual(joules * 1e-12);
    }),
  );
});
