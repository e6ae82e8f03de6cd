import { expect, it } from 'vitest';
import { createI18n } from '../i18n/i18n.ts';
import { lineRangeText, lineText, parseWatts, type WallLine } from './calibration-words.ts';

const i18n = await createI18n();
const words = (key: string, values?: Readonly<Record<string, string | number>>): string =>
  i18n.getFixedT('en', 'views')(key, { ...values });
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

// wall = 48 W + 1.09 × machine: 100 W there are 157 W at the wall, 400 W are 484 W.
const line: WallLine = {
  gainRatio: 1.09,
  offsetWatts: 48,
  gainStandardError: null,
  offsetStandardErrorWatts: null,
  residualWatts: null,
  readingCount: 2,
  leastMachineWatts: 100,
  mostMachineWatts: 400,
  atLeast: { powerWatts: 157, lowWatts: 141, highWatts: 173 },
  atMost: { powerWatts: 484, lowWatts: 436, highWatts: 532 },
  measuredAtMs: 0,
  meters: [null],
};

it('says the line as people would work it out', () => {
  expect(plain(lineText(line, words, 'en'))).toBe('48.0 W + 1.09 × what its sources say');
});

it('says what it gives at both ends, with bounds, and on how many readings it stands', () => {
  expect(plain(lineRangeText(line, words, 'en'))).toBe(
    'From 2 readings: 100 W by the sources are 157 W ±16 at the wall, 400 W are 480 W ±50.',
  );
});

it('reads watts as a meter shows and people write them, and nothing else', () => {
  const typed = ['412', '412,5', '1,412', ' 0 ', '', '-1', '1e9', 'much'];
  expect(typed.map((text) => parseWatts(text, 'en'))).toEqual([412, 412.5, 1412, 0, null, null, null, null]);
});
