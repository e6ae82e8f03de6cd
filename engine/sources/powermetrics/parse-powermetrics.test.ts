import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createPlistSplitter,
  type PowermetricsSample,
  parsePowermetricsPlist,
  parsePowermetricsText,
} from './parse-powermetrics.ts';

const recording = (name: string): string => readFileSync(join(import.meta.dirname, 'recordings', name), 'utf8');
const cut = (chunks: readonly string[]): readonly string[] => {
  const plists: string[] = [];
  const split = createPlistSplitter((text) => plists.push(text));
  for (const chunk of chunks) split(chunk);
  return plists;
};

describe('parsePowermetricsPlist', () => {
  it('takes the power of CPU and GPU, not that of a cluster, over the time that passed', () => {
    const samples = cut([recording('apple-chip.plist')]).map(parsePowermetricsPlist);
    // 993.156 mW and 476.674 mW over 1 004 583 375 ns.
    expect(samples).toEqual([
      {
        elapsedSeconds: expect.closeTo(1.004583375, 9),
        cpuWatts: expect.closeTo(0.993156, 9),
        gpuWatts: expect.closeTo(0.476674, 9),
      },
      expect.objectContaining({ cpuWatts: 4.28, gpuWatts: expect.closeTo(3.1005, 9) }),
      expect.objectContaining({ cpuWatts: 2.5, gpuWatts: 18 }),
    ]);
  });

  it('takes the energy over its time where the power is 0 or not told', () =>
    // 7200 mJ and 1000 mJ over 2 s.
    expect(parsePowermetricsPlist(recording('batched-energy.plist'))).toEqual({
      elapsedSeconds: 2,
      cpuWatts: 3.6,
      gpuWatts: 0.5,
    }));

  it('takes the package of an Intel Mac, which has no GPU apart', () =>
    expect(parsePowermetricsPlist(recording('intel-mac.plist'))).toEqual({
      elapsedSeconds: 1,
      cpuWatts: 8.75,
      gpuWatts: null,
    }));

  it('takes its energy over its time where it tells no power', () =>
    // 17.5 J over 2 s.
    expect(
      parsePowermetricsPlist(
        '<plist><dict><key>elapsed_ns</key><integer>2000000000</integer><key>processor</key><dict><key>package_joules</key><real>17.5</real></dict></dict></plist>',
      ),
    ).toEqual({ elapsedSeconds: 2, cpuWatts: 8.75, gpuWatts: null }));

  it('keeps a true zero', () =>
    expect(
      parsePowermetricsPlist(
        '<plist><dict><key>processor</key><dict><key>cpu_power</key><real>0</real></dict></dict></plist>',
      ),
    ).toEqual({ elapsedSeconds: null, cpuWatts: 0, gpuWatts: null }));

  it.each([
    ['nothing', ''],
    ['no processor', '<plist><dict><key>gpu</key><dict><key>gpu_power</key><real>5</real></dict></dict></plist>'],
    ['an empty processor', '<plist><dict><key>processor</key><dict></dict></dict></plist>'],
    ['a list cut short', recording('apple-chip.plist').split('<key>combined_power')[0] ?? ''],
    ['a power below zero', '<key>processor</key><dict><key>cpu_power</key><real>-5</real></dict>'],
    ['a word for a number', '<key>processor</key><dict><key>cpu_power</key><real>nan</real></dict>'],
    ['more than a Mac draws', '<key>processor</key><dict><key>cpu_power</key><real>1e12</real></dict>'],
  ])('tells nothing from %s', (_what, text) => expect(parsePowermetricsPlist(text)).toBeNull());
});

describe('parsePowermetricsText', () => {
  it('takes the first line of each part', () =>
    expect(parsePowermetricsText(recording('apple-chip.txt'))).toEqual({
      elapsedSeconds: expect.closeTo(1.00458, 9),
      cpuWatts: 0.993,
      gpuWatts: 0.477,
    }));

  it('takes the package of an Intel Mac', () =>
    expect(parsePowermetricsText(recording('intel-mac.txt'))).toMatchObject({ cpuWatts: 8.75, gpuWatts: null }));

  it.each(['', 'CPU Power: mW', 'CPU Power: 1.2.3 mW', 'xCPU Power: 5 mW', 'Combined Power (CPU + GPU + ANE): 5 mW'])(
    "tells nothing from '%s'",
    (text) => expect(parsePowermetricsText(text)).toBeNull(),
  );
});

describe('createPlistSplitter', () => {
  it('gives a list at its end, without waiting for the next', () => {
    const text = recording('apple-chip.plist');
    const end = text.indexOf('</plist>') + '</plist>'.length;
    expect(cut([text.slice(0, end - 1)])).toHaveLength(0);
    expect(cut([text.slice(0, end - 1), text.slice(end - 1, end)])).toHaveLength(1);
  });

  it('cuts the same wherever the pieces are cut', () => {
    const text = recording('apple-chip.plist');
    const whole = cut([text]);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length })), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        expect(cut(at.slice(1).map((end, i) => text.slice(at[i], end)))).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('holds no more than one list can be', () => {
    // 5 MB without an end are dropped; the end of them then makes no list of five million characters.
    const plists = cut([...Array.from({ length: 50 }, () => 'x'.repeat(100_000)), '</plist>']);
    expect(plists.every((text) => text.length < 4_200_000)).toBe(true);
  });
});

it('every answer is a power that can be, or none, whatever comes', () => {
  const piece = fc.constantFrom(
    '<key>processor</key>',
    '<dict>',
    '</dict>',
    '<array>',
    '</array>',
    '<dict/>',
    '<key>cpu_power</key>',
    '<key>gpu_energy</key>',
    '<real>12</real>',
    '<integer>1e999</integer>',
    '<key>elapsed_ns</key><integer>0</integer>',
    'CPU Power: 9 mW\n',
    'GPU Power: 99999999 W\n',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(text, (given) => {
      const samples = [parsePowermetricsPlist(given), parsePowermetricsText(given)];
      for (const sample of samples.filter((one): one is PowermetricsSample => one !== null))
        for (const watts of [sample.cpuWatts, sample.gpuWatts])
          expect(watts === null || (watts >= 0 && watts <= 2000)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('takes no longer for a long text without an end than for its length', () => {
  const startedMs = performance.now();
  expect(parsePowermetricsPlist(`<key>processor</key>${'<dict>'.repeat(200_000)}`)).toBeNull();
  expect(parsePowermetricsText('CPU Power: '.repeat(200_000))).toBeNull();
  expect(performance.now() - startedMs).toBeLessThan(3000);
});
