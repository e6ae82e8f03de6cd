import { expect, it } from 'vitest';
import { runMeanWattsOn } from './run-devices.ts';

it('gives the run’s own mean on each device, over the time that was seen', () => {
  // 400 W over the 50 s that were seen, of which half was the run's: 10,000 J / 50 s.
  expect(runMeanWattsOn({ joules: 20_000, runJoules: 10_000, meanWatts: 400 })).toBe(200);
  // 60 W over 100 s: 5500 J / 100 s.
  expect(runMeanWattsOn({ joules: 6000, runJoules: 5500, meanWatts: 60 })).toBe(55);
});

it('gives none where the run has no share, and 0 of a device that drew nothing', () => {
  expect(runMeanWattsOn({ joules: 20_000, runJoules: null, meanWatts: 400 })).toBeNull();
  expect(runMeanWattsOn({ joules: 0, runJoules: 0, meanWatts: 0 })).toBe(0);
});
