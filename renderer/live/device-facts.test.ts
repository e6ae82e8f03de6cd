import { expect, it } from 'vitest';
import { createI18n } from '../i18n/i18n.ts';
import { idleNote, isDisagreeing, isHeldAgainstWill, throttleWords } from './device-facts.ts';

it('marks a disagreement over 5 % either way, and none that is not known', () => {
  expect([0.051, -0.051, 0.049, 0, null].map((disagreementRatio) => isDisagreeing({ disagreementRatio }))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

it('has words for every reason of the drivers, and says an unknown one as it is', async () => {
  const i18n = await createI18n();
  const reasons = ['power cap', 'heat', 'heat (hardware)', 'hardware slowdown', 'power brake', 'PROCHOT'];
  const words = throttleWords(reasons, (key) => i18n.t(key));
  expect(words[0]).toBe('power cap');
  expect(words.at(-1)).toBe('PROCHOT');
  expect(
    words.filter((word) => word.startsWith('live.throttle')),
    'a key without words',
  ).toEqual([]);
});

it('takes a power cap for a choice and nothing else', () => {
  expect([[], ['power cap'], ['power cap', 'heat'], ['PROCHOT']].map(isHeldAgainstWill)).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

it('says why a device without a run draws, or since when it does not answer', () => {
  expect((['held-idle', 'asleep', 'lost', 'idle', 'busy'] as const).map((state) => idleNote({ state }))).toEqual([
    'held',
    'since',
    'since',
    'none',
    'none',
  ]);
});
