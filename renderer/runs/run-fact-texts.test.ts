import { describe, expect, it } from 'vitest';
import type { RunWall } from '../../shared/model/calibration.ts';
import { createI18n } from '../i18n/i18n.ts';
import { checkText, factSentences, gainText, type Words } from './run-fact-texts.ts';
import { runDomain } from './run-fixtures.ts';

const i18n = await createI18n();
const words: Words = (key, values) => i18n.getFixedT('en', 'views')(key, { ...values });
const texts = (
  domains: Parameters<typeof factSentences>[0]['domains'],
  indivisible: ReadonlyMap<string, string> = new Map(),
) =>
  factSentences({ domains, durationSeconds: 3571, indivisible, wall: null, unread: [] }, words, 'en').map(
    ({ text, tone }) => [tone, text.replaceAll(/[\u00a0\u202f]/g, ' ')],
  );

describe('sentences about a run’s devices', () => {
  it('say who was held back, by what, and how long', () => {
    // 250 s are 4 min 10 s and 7.0 % of 3571 s; 3571 s are 59 min 31 s, all of it.
    expect(
      texts([
        runDomain({ label: 'GPU 3', heldBackSeconds: { heat: 250 } }),
        runDomain({ label: 'GPU 4', heldBackSeconds: { 'power-cap': 3571 } }),
        runDomain({ label: 'GPU 5', heldBackSeconds: { 'power-cap': 60 } }),
      ]),
    ).toEqual([
      ['plain', '2 devices were held back by their power cap, GPU 4 the longest: 59 min 31 s (100 % of the run).'],
      ['warn', 'GPU 3 was held back by heat for 4 min 10 s (7 % of the run).'],
    ]);
  });

  it('say when samples and counter of one sensor are far apart, and nothing when they are near', () => {
    const check = (samplesJoules: number) => ({ counterJoules: 1000, samplesJoules });
    expect(texts([runDomain({ check: check(1049) }), runDomain({ label: 'GPU 1', check: check(937) })])).toEqual([
      ['warn', 'GPU 1: the sensor’s own samples say 6.3 % less than its counter.'],
    ]);
  });

  it('say the single sensor’s error apart from the bounds, once for alike ones', () => {
    const gain = { lowRatio: 0.95, highRatio: 1.08 };
    expect(texts([runDomain({ gain }), runDomain({ label: 'GPU 1', gain })])).toEqual([
      [
        'plain',
        'Beside the ±, a single sensor of this kind may be off: the truth may lie 5 % under to 8 % over it (GPU 0 – 1). Only a meter at the wall can tell.',
      ],
    ]);
  });

  it('say why an energy is not divided where that is known', () => {
    const domain = runDomain({ splitBy: 'cannot-be-split' });
    expect(texts([domain], new Map([['gpu:0', 'MIG']]))).toEqual([
      ['plain', 'GPU 0: its energy cannot be divided among processes (MIG); runs that share it get equal parts.'],
    ]);
    expect(texts([domain])[0]?.[1]).toBe(
      'GPU 0: its energy cannot be divided among processes; runs that share it get equal parts.',
    );
  });

  it('say what the whole machine took at the wall, and whether that was read', () => {
    // 3.6 MJ are 1 kWh.
    const wall = {
      joules: 3.6e6,
      lowJoules: 3.24e6,
      highJoules: 3.96e6,
      isMeasured: false,
      meter: null,
      coverage: 0.99,
    };
    const said = (changes: Partial<RunWall>) =>
      factSentences(
        { domains: [], durationSeconds: 60, indivisible: new Map(), wall: { ...wall, ...changes }, unread: [] },
        words,
        'en',
      )
        .map(({ text }) => text.replaceAll(/[\u00a0\u202f]/g, ' '))
        .join();
    expect(said({})).toContain('1.00 kWh (0.90 – 1.10)');
    expect(said({})).toContain('estimated');
    expect(said({ isMeasured: true, meter: 'rack-plug' })).toContain('rack-plug');
  });

  it('say first what could not be read at all', () => {
    const unread = [{ label: 'nvidia-smi', reason: 'It has failed.' }];
    const inputs = { domains: [], durationSeconds: 60, indivisible: new Map(), wall: null, unread };
    expect(factSentences(inputs, words, 'en')).toEqual([
      {
        key: 'unread/nvidia-smi',
        text: 'nvidia-smi could not be read: It has failed. What it measures is in none of these figures.',
        tone: 'warn',
      },
    ]);
  });

  it('are none where nothing is known', () => expect(texts([runDomain()])).toEqual([]));
});

it('writes a difference of samples with its direction', () => {
  const plain = (ratio: number) => checkText(ratio, words, 'en').replaceAll('\u202f', ' ');
  expect([0.012, -0.124, 0.0004, -0.0004].map(plain)).toEqual(['1.2 % more', '12 % less', 'the same', 'the same']);
});

it('writes a gain as what the truth may be', () => {
  expect(gainText({ lowRatio: 0.88, highRatio: 1.09 }, words, 'en').replaceAll('\u202f', ' ')).toBe(
    '12 % under to 9 % over',
  );
});
